/**
 * WebAssembly in a browser, in pages and in workers: with threads where the page is isolated, with
 * one where it isn't, and without WebAssembly where a policy forbids it. The module is emitted
 * there, too.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  whyNoBrowser,
  type BrowserTask,
  type TestBrowser,
} from '../support/browser.ts';
import type { WasmAnswer, WasmTask } from './pages/wasm-program.ts';

const isolated = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

function policy(script: string): Readonly<Record<string, string>> {
  return {
    ...isolated,
    'content-security-policy': `script-src 'self'${script}; worker-src 'self'`,
  };
}

const missing = whyNoBrowser();

describe('a program as WebAssembly in a browser', () => {
  let browser: TestBrowser | undefined;
  let module = '';
  let thread = '';
  beforeAll(async () => {
    if (missing !== undefined) return;
    // The first time on a machine the browser is unpacked.
    browser = await openBrowser();
    module = await bundleModule(`export { main } from './test/browser/pages/wasm-program.ts';`);
    thread = await bundleModule(`import './runtime/wasm/worker.ts';`);
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function ask(
    argument: WasmTask,
    task: Partial<Pick<BrowserTask, 'where' | 'headers'>> = {},
  ): Promise<WasmAnswer> {
    const files = { '/thread.js': thread };
    const whole = { where: 'page' as const, module, argument: { ...argument }, files, ...task };
    const answer = await runInBrowser(present(browser, 'a browser'), whole);
    // What `main` of this module returns.
    return answer as unknown as WasmAnswer;
  }

  // h: 10 → 2, the limit of h/2 + 1; 20 → 20.
  const plain = { form: 'relaxed', isWasm: true, threads: 1, sum: 22, notes: [] };

  it.each(['page', 'worker'] as const)('runs in a %s, on two threads', async (where) => {
    expect(await ask({ threads: 1 }, { where })).toEqual(plain);
    const shared = await ask({ threads: 2 }, { where, headers: isolated });
    expect(shared).toEqual({ ...plain, threads: 2 });
  });

  it('has one thread where memory cannot be shared', async () => {
    const notes = ['memory cannot be shared by threads here: there is one thread'];
    expect(await ask({ threads: 2 })).toEqual({ ...plain, notes });
  });

  it('finds its threads at an address, where a policy allows no other', async () => {
    const headers = policy(` 'wasm-unsafe-eval'`);
    const threads = 2;
    expect(await ask({ threads, script: '/thread.js' }, { headers })).toEqual({
      ...plain,
      threads,
    });
    const { notes, ...rest } = await ask({ threads }, { headers });
    expect(rest).toMatchObject({ isWasm: true, threads: 1, sum: 22 });
    expect(notes).toEqual([expect.stringMatching(/^threads cannot be begun.*one thread$/)]);
  });

  it('is interpreted where a policy forbids WebAssembly, and says so', async () => {
    const { notes, ...rest } = await ask({ threads: 1 }, { headers: policy('') });
    expect(rest).toMatchObject({ isWasm: false, sum: 22 });
    expect(notes).toEqual([
      expect.stringMatching(/^there is no WebAssembly here: .*; kernels are interpreted/),
    ]);
  });
});
