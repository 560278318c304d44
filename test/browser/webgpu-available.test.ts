/**
 * The browser of the tests has WebGPU, in a page and in a dedicated worker, and whatever goes wrong
 * there arrives here in words and in bounded time.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  servePage,
  whyNoBrowser,
  type TestBrowser,
} from '../support/browser.ts';

const missing = whyNoBrowser();
const places = ['page', 'worker'] as const;

describe('the browser of the tests', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    // The first time on a machine the browser is unpacked.
    if (missing === undefined) browser = await openBrowser();
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(async () => {
    if (missing === undefined) await browser.close();
  });

  describe.each(places)('in a %s', (where) => {
    it('runs a compute shader', async () => {
      const module = await bundleModule(`export { main } from './test/browser/pages/double.ts';`);
      const argument = Array.from({ length: 1000 }, (_, i) => i / 8 - 3);
      const found = await runInBrowser(browser, { where, module, argument });
      expect(found).toEqual({
        numbers: argument.map((x, i) => 2 * x + i),
        scope: where === 'page' ? 'Window' : 'DedicatedWorkerGlobalScope',
        architecture: 'swiftshader',
      });
    });

    it('passes arguments and results on unchanged', async () => {
      const argument = { text: '"ŷ\u2028\n', numbers: [1e-45, -0.1, 2 ** 53], none: null };
      const module = 'export const main = async (argument) => [argument];';
      expect(await runInBrowser(browser, { where, module, argument })).toEqual([argument]);
    });

    it('serves further files to the module', async () => {
      let asked = 0;
      const files = { '/beside.js': 'export const beside = 5;', '/asked': () => `${++asked}` };
      const module = `import { beside } from './beside.js';
        const ask = async () => (await fetch('/asked')).text();
        export const main = async () => [beside, await ask(), await ask()];`;
      const found = await runInBrowser(browser, { where, module, files, argument: 0 });
      expect(found).toEqual([5, '1', '2']);
    });

    it('throws what main throws, and what stood on the console', async () => {
      const module = `export function main() { console.warn('odd'); throw new TypeError('no'); }`;
      const failing = runInBrowser(browser, { where, module, argument: 0 });
      await expect(failing).rejects.toThrow(/^TypeError: no\n(.*\n)*.*warning: odd/);
    });

    it('throws where the module cannot be read', async () => {
      const failing = runInBrowser(browser, { where, module: 'export {', argument: 0 });
      await expect(failing).rejects.toThrow('SyntaxError');
    });

    it('throws where main gives no JSON', async () => {
      const module = 'export const main = () => undefined;';
      const failing = runInBrowser(browser, { where, module, argument: 0 });
      await expect(failing).rejects.toThrow('main gave nothing that JSON can hold');
    });

    it('gives up on a main that does not end', async () => {
      const module = 'export function main() { for (;;); }';
      const task = { where, module, argument: 0, milliseconds: 300 };
      await expect(runInBrowser(browser, task)).rejects.toThrow('took more than 300 ms');
      const after = { where, module: 'export const main = (x) => x + 1;', argument: 1 };
      expect(await runInBrowser(browser, after)).toBe(2);
    });
  });

  it('bundles imports of the repository, and says what it cannot find', async () => {
    const entry = `import { evaluateSize } from './runtime/artifact/size.ts';
      export const main = (value: number): number =>
        evaluateSize({ kind: 'number', type: 'i32', value }, new Map());`;
    const module = await bundleModule(entry);
    expect(await runInBrowser(browser, { where: 'page', module, argument: 7 })).toBe(7);
    await expect(bundleModule(`import './nowhere.ts';`)).rejects.toThrow('./nowhere.ts');
  });

  it('serves files to pages, and nothing else', async () => {
    const server = await servePage({ '/bytes.bin': Uint8Array.of(0, 200), '/a.json': '[1]' });
    const page = await browser.openPage(server.origin);
    const script = `Promise.all(['/bytes.bin', '/a.json', '/b.json'].map(async (path) => {
      const response = await fetch(path);
      return [response.status, ...new Uint8Array(await response.arrayBuffer())];
    }))`;
    expect(await page.evaluate(script)).toEqual([[200, 0, 200], [200, 91, 49, 93], [404]]);
    await page.context().close();
    await server.close();
    await expect(fetch(server.origin)).rejects.toThrow();
  });

  it('is gone once it is closed', async () => {
    const other = await openBrowser();
    expect(other.version).toMatch(/^143\./);
    await other.close();
    await expect(other.openPage('about:blank')).rejects.toThrow();
  });
});
