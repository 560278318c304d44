/**
 * examples/web-tagger in a browser: marks are those of the bundle in Node, on every backend, in a
 * worker and on the main thread, under strict policies, without a network, and whatever is typed.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { policies, serveFolder, type FolderServer } from '../../examples/web-tagger/serve.ts';
import { siteFiles } from '../../examples/web-tagger/site.ts';
import { present } from '../../compiler/base/bug.ts';
import { openBrowser, whyNoBrowser, type TestBrowser } from '../support/browser.ts';
import { writeFiles } from '../support/bundles.ts';
import { painted, smallTagger, writeSite, type Tagger } from '../support/web-tagger.ts';

const text =
  'Harry Potter and Hermione Granger invented a new spell. Mr. J. Weasley slept on.\n\n  Anna?';
const missing = whyNoBrowser();
const titles = { webgpu: 'WebGPU', wasm: 'WebAssembly', javascript: 'JavaScript' } as const;

describe('the page of the tagger', { timeout: 60_000 }, () => {
  let [withGpu, withoutGpu] = [undefined, undefined] as (TestBrowser | undefined)[];
  let tagger: Tagger;
  let open: {
    page?: Page;
    server?: FolderServer | undefined;
    folder?: string;
    remove?: () => void;
  } = {};

  beforeAll(async () => {
    if (missing !== undefined) return;
    [withGpu, withoutGpu] = [await openBrowser(), await openBrowser(false)];
    tagger = await smallTagger();
  }, 180_000);
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
  });
  afterEach(async () => {
    await open.page?.context().close();
    await open.server?.close();
    open.remove?.();
    open = {};
  });
  afterAll(async () => {
    await withGpu?.close();
    await withoutGpu?.close();
  });

  /** The page at this address of a server of its own. */
  async function visit(
    query = '',
    how: { gpu?: boolean; policy?: keyof typeof policies; without?: string } = {},
  ): Promise<Page> {
    const { gpu = false, policy = 'wasm', without } = how;
    const { folder, remove } = writeFiles(siteFiles(tagger.bundle, { f1: 0.25, parameters: 1234 }));
    if (without !== undefined) rmSync(join(folder, without), { force: true });
    const server = await serveFolder(folder, 0, policies[policy]);
    open = { server, folder, remove };
    const browser = present(gpu ? withGpu : withoutGpu, 'a browser');
    const page = await browser.openPage(`${server.origin}/${query}`);
    open = { ...open, page };
    return page;
  }

  async function judge(page: Page, written: string): Promise<void> {
    const found = await painted(page);
    expect(await page.locator('#text').inputValue()).toBe(written);
    expect(found.text).toBe(written);
    expect(found.marks).toEqual(await tagger.marks(written));
  }

  describe.each(['worker', 'main'] as const)('in the thread %s', (thread) => {
    it.each([
      ['webgpu', 'webgpu', 'wasm'],
      ['', 'webgpu', 'noWasm'],
      ['wasm', 'wasm', 'wasm'],
      ['', 'wasm', 'wasm'],
      ['', 'javascript', 'noWasm'],
    ] as const)('asked for "%s" takes %s under the policy %s', async (asked, backend, policy) => {
      const query = new URLSearchParams({ backend: asked, thread }).toString();
      const page = await visit(`?${query}`, { gpu: backend === 'webgpu', policy });
      await page.locator('#text').fill(text);
      await judge(page, text);
      const where = thread === 'main' ? 'on the main thread' : 'in a worker';
      expect(await page.locator('#backend').textContent()).toBe(`${titles[backend]}, ${where}`);
      expect(await page.locator('#speed').textContent()).toMatch(/^\d+\.\d ms$/);
      expect(await page.locator('#trouble').isVisible()).toBe(false);
    });
  });

  it('marks both what is a name and what is none', async () => {
    const marks = await tagger.marks(text);
    const marked = marks.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(marks.length).toBeGreaterThan(2);
    expect(marked).toBeLessThan(text.length / 2 + 30);
  });

  it('works without a network, once it has been there', async () => {
    const page = await visit();
    await page.locator('#offline', { hasText: 'ready' }).waitFor();
    await open.server?.close();
    open = { ...open, server: undefined };
    for (const query of ['', '?thread=main&backend=javascript', 'index.html']) {
      await page.goto(new URL(query, page.url()).href);
      await page.locator('#text').fill(text);
      await judge(page, text);
    }
    expect(await page.locator('#offline').textContent()).toBe('ready');
  });

  it('goes on with its version until somebody takes the new one', async () => {
    const page = await visit();
    await page.locator('#offline', { hasText: 'ready' }).waitFor();
    await page.locator('#text').fill(text);
    const newer = siteFiles(tagger.bundle, { f1: 0.5, parameters: 1234 });
    writeSite(present(open.folder, 'a folder'), newer);
    await page.reload();
    await page.locator('#update').waitFor();
    await judge(page, text);
    expect(await page.locator('#scores').textContent()).toContain('F1 of 0.25');
    await page.locator('#take-over').click();
    await page.locator('#scores', { hasText: 'F1 of 0.50, and it has 1,234 weights' }).waitFor();
    expect(await page.locator('#update').isVisible()).toBe(false);
    await judge(page, text);
  });

  it('leaves the caret where it is, however fast somebody types', async () => {
    const page = await visit();
    const [before, typed, after] = ['Dear ', 'Mr. Potter, how is Hermione? ', 'Yours, Ron'];
    await page.locator('#text').fill(before + after);
    await page.evaluate(`document.getElementById('text').setSelectionRange(5, 5)`);
    await page.keyboard.type(typed);
    const caret = await page.evaluate(`document.getElementById('text').selectionStart`);
    expect(caret).toBe(before.length + typed.length);
    await judge(page, before + typed + after);
    await page.keyboard.press('Control+z');
    expect(await page.locator('#text').inputValue()).not.toBe(before + typed + after);
  });

  it.each([
    ['markup', `<img src=x onerror="window.broken=1"><script>window.broken=1</script>&amp; Tom`],
    ['writing from right to left', 'קראתי את Anna Karenina אתמול. مرحبا يا Tom\u202e!'],
    ['emoji and marks', '👩‍👩‍👧 Zoe\u0308 and Rene\u0301e 🇫🇷 met A\u0300\u0301\u0302\u0303nn. 𝒜da'],
    ['nothing but space', '\n\n \t \u00a0\n'],
    ['one long word', 'Ann'.repeat(400)],
  ])('takes text for text: %s', async (_, written) => {
    const page = await visit();
    await page.locator('#text').fill(written);
    await judge(page, written);
    expect(await page.evaluate(`document.querySelectorAll('#mirror img, li img').length`)).toBe(0);
    expect(await page.evaluate('window.broken')).toBe(undefined);
  });

  it('leaves what has not changed in a long text as it is', async () => {
    const page = await visit();
    const long = 'Anna met Mr. Tom Sawyer in the town of Springfield. '.repeat(200);
    const distinct = long.replace(/town/g, (word, at: number) => `${word} ${at}`);
    await page.locator('#text').fill(distinct);
    await judge(page, distinct);
    const mirror = `[...document.getElementById('mirror').children]`;
    await page.evaluate(`window.old = ${mirror}`);
    await page.locator('#text').press('End');
    await page.keyboard.type('Tom');
    await judge(page, `${distinct}Tom`);
    expect(await page.evaluate(`window.old.every((node) => node.isConnected)`)).toBe(true);
    expect(await page.evaluate(`${mirror}.length - window.old.length`)).toBe(1);
  });

  it.each([
    ['', 'model/index.js', /^Names cannot be marked: .*\.$/],
    ['?thread=main', 'model/model.safetensors', /model\.safetensors cannot be read: .* 404/],
    ['', 'worker.js', /^Names cannot be marked: its worker does not start\.$/],
    ['?backend=webgpu', 'scores.json', /webgpu does not run here/],
  ] as const)('says why nothing is marked: %s without %s', async (query, without, reason) => {
    const page = await visit(query, { without });
    await page.locator('#trouble').waitFor();
    expect(await page.locator('#trouble').textContent()).toMatch(reason);
    await page.locator('#text').fill(text);
    expect((await painted(page)).text).toBe(text);
  });
});
