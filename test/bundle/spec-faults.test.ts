/** A build with a wrong spec fails in each bundler, which says what is wrong, and shows where. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import { bundlers } from '../support/bundlers.ts';
import { writeFiles } from '../support/bundles.ts';

const { folder, remove } = writeFiles(
  new Map([
    ['spec/app.js', `import net from './net.gate?init=1';\nexport default net;`],
    ['spec/net.gate', 'model net {\n  input x: [T, 4]\n  output y = x -> lstn(8) -> gruu(2)\n}'],
    ['spec/index.html', '<!doctype html><script type="module" src="./app.js"></script>'],
    ['query/app.js', `import { load } from './net.gate?wieghts=1';\nload();`],
    ['query/net.gate', 'lstm(8)'],
    ['query/index.html', '<!doctype html><script type="module" src="./app.js"></script>'],
  ]),
);
afterAll(() => remove());

/** What a bundler says, with all that it has to say; each does so in its own way. */
async function said(name: string, app: string): Promise<{ text: string; faults: number }> {
  const out = join(folder, 'out', app, name);
  mkdirSync(out, { recursive: true });
  try {
    const cacheDir = join(folder, 'kept');
    await present(bundlers[name], name).build(join(folder, app), out, { cacheDir });
  } catch (error) {
    const {
      message,
      frame = '',
      errors = [error],
    } = error as Error & {
      readonly frame?: string;
      readonly errors?: readonly unknown[];
    };
    return { text: `${message}\n${frame}`, faults: errors.length };
  }
  throw new Error(`${name} finds nothing`);
}

describe('what is wrong', { timeout: 60_000 }, () => {
  it.each(['vite', 'rollup', 'esbuild', 'webpack for pages'])('is told by %s', async (name) => {
    const { text, faults } = await said(name, 'spec');
    expect(text).toMatch(/error\[N3001\]: unknown layer or function lstn/);
    expect(text).toMatch(/error\[N3001\]: unknown layer or function gruu/);
    expect(text).toMatch(/net\.gate\D+3\b/);
    expect(text).toMatch(/3 \| {3}output y = x -> lstn\(8\)/);
    expect(text).toMatch(/\^{4}\n/);
    expect(text).toContain('did you mean lstm?');
    expect(faults).toBe(1);
    const query = await said(name, 'query');
    expect(query.text).toMatch(/error\[R7808\]: .*wieghts/);
    expect(query.faults).toBe(1);
  });
});
