/**
 * An app that imports a spec, on Vite's server for development, in a page: what changes on the disk
 * changes the page's answers; a mistake is shown over the page with its place, and goes with it.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import { gatework } from '../../compiler/plugin/vite.ts';
import { openBrowser, whyNoBrowser, type TestBrowser } from '../support/browser.ts';
import { writeFiles } from '../support/bundles.ts';

const missing = whyNoBrowser();

const net = (layer: string, from = 'cells'): string => `import "./${from}.gate"
model net {
  input x: [T, 4]
  output y = x -> ${layer}
}
`;
const cells = (width: string): string => `layer ours(n) {
  weight W: [${width}, width(x)]
  emit W[x]
}
`;

/** The page's title says how many numbers the model answers. */
const app = (spec: string): string => `import model from '${spec}?init=1&backends=wasm';
const { y } = await (await model.load()).run({ x: [1, 2, 3, 4] });
document.title = String(y.data.length);
`;
const page = (script: string): string =>
  `<!doctype html><script type="module" src="${script}"></script>`;

const files = new Map([
  ['package.json', '{ "type": "module" }'],
  ['index.html', page('/src/app.js')],
  ['src/app.js', app('./net.gate')],
  ['src/net.gate', net('ours(5)')],
  ['src/cells.gate', cells('n')],
  ['late.html', page('/src/late.js')],
  ['src/late.js', app('./late.gate')],
  ['src/late.gate', net('ours(6)', 'missing')],
]);

describe.skipIf(missing !== undefined)('a spec in Vite', { timeout: 90_000 }, () => {
  const { folder, remove } = writeFiles(files);
  let [server, browser]: [ViteDevServer?, TestBrowser?] = [];
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const open = (path: string): Promise<Page> => {
    const origin = present(server?.resolvedUrls?.local[0], 'an address');
    return present(browser, 'a browser').openPage(origin + path);
  };

  beforeAll(async () => {
    server = await createServer({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      server: { host: '127.0.0.1', port: 0 },
      plugins: [gatework()],
    });
    await server.listen();
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    remove();
  });

  it('is compiled anew when it changes, and shows its mistakes until they are mended', async () => {
    const page = await open('');
    await shows(page, { title: '5', fault: '' });
    write('src/net.gate', net('ours(7)'));
    await shows(page, { title: '7', fault: '' });
    write('src/net.gate', net('our(7)'));
    await shows(page, {
      fault: expect.stringMatching(/N3001.*our[^]*net\.gate:4:18[^]*x -> our\(7\)[^]*\^\^\^/),
    });
    write('src/net.gate', net('ours(8)'));
    await shows(page, { title: '8', fault: '' });
    expect(readdirSync(join(folder, 'node_modules/.cache/gatework'))).toHaveLength(2);
    // Vite keeps a fault for the next page to come only where no other is open.
    await page.context().close();
  });

  it('is compiled anew when what it imports changes, and was not there before', async () => {
    const page = await open('late.html');
    await shows(page, { fault: expect.stringMatching(/missing\.gate[^]*late\.gate:1:7/) });
    write('src/missing.gate', cells('n'));
    await shows(page, { title: '6', fault: '' });
    write('src/missing.gate', cells('n, ]'));
    await shows(page, { fault: expect.stringMatching(/missing\.gate:2:/) });
    write('src/missing.gate', cells('n + 3'));
    await shows(page, { title: '9', fault: '' });
  });
});

/** Waits for what the page says, and for what stands over it. */
async function shows(page: Page, wanted: { title?: string; fault: unknown }): Promise<void> {
  const script = `({
    title: document.title,
    fault: [...document.querySelectorAll('vite-error-overlay')].flatMap(({ shadowRoot }) =>
      ['.message', '.file', '.frame'].map((part) => shadowRoot.querySelector(part).textContent)
    ).join('\\n'),
  })`;
  await vi.waitFor(
    async () => {
      // Nothing can be asked of a page that is being loaded anew.
      const shown: unknown = await page.evaluate(script).catch(() => undefined);
      expect(shown).toMatchObject(wanted);
    },
    { timeout: 30_000, interval: 100 },
  );
}
