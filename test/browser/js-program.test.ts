/**
 * JavaScript in a browser, in pages and in workers, where a policy forbids WebAssembly and all code
 * that is no file of the page.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emitJs } from '../../compiler/6-emit/js/emit.ts';
import { present } from '../../compiler/base/bug.ts';
import {
  bundleModule,
  openBrowser,
  runInBrowser,
  whyNoBrowser,
  type TestBrowser,
} from '../support/browser.ts';
import { recurrence } from '../unit/runtime-linear/programs.ts';
import type { JsAnswer } from './pages/js-program.ts';

const missing = whyNoBrowser();

describe('a program as JavaScript in a browser', () => {
  let browser: TestBrowser | undefined;
  let module = '';
  beforeAll(async () => {
    if (missing !== undefined) return;
    // The first time on a machine the browser is unpacked.
    browser = await openBrowser();
    module = await bundleModule(`export { main } from './test/browser/pages/js-program.ts';`);
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterAll(async () => {
    await browser?.close();
  });

  it.each(['page', 'worker'] as const)('runs in a %s that allows nothing else', async (where) => {
    const answer = (await runInBrowser(present(browser, 'a browser'), {
      where,
      module,
      argument: { address: '/program.js' },
      files: { '/program.js': emitJs(recurrence) },
      headers: {
        'content-security-policy': "default-src 'self'; script-src 'self'; worker-src 'self'",
      },
      // What `main` of this module returns.
    })) as unknown as JsAnswer;
    // h: 10 → 2, the limit of h/2 + 1; 20 → 20.
    expect(answer.sum).toBe(22);
    expect(answer.refusals).toEqual([
      expect.stringMatching(/Content Security Policy|unsafe-eval/),
      expect.stringMatching(/^TypeError/),
    ]);
  });
});
