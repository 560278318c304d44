/** Bundles are as small as they are said to be, and hold nothing that they have no use for. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { present } from '../../compiler/base/bug.ts';
import { filesOf, modelOf, type Files } from '../support/bundles.ts';
import { codeOf, sizedBundles } from '../support/sized-bundles.ts';

interface Limit {
  readonly path: readonly string[];
  readonly limit: string;
}

const limits = JSON.parse(
  readFileSync(new URL('../../.size-limit.json', import.meta.url), 'utf8'),
) as readonly Limit[];

/** `8 KiB` and `20 kB` as bytes. */
function bytesIn(limit: string): number {
  const [, count, unit = ''] = /^(\d+) (kB|KiB)$/.exec(limit) ?? [];
  return Number(count) * (unit === 'kB' ? 1000 : 1024);
}

/** All that a page has to load of it, as text. */
function textOf(files: Files): string {
  return [...files].map(([name, content]) => (/\.js$/.test(name) ? String(content) : '')).join('');
}

describe('a bundle', { timeout: 120_000 }, () => {
  it.each(sizedBundles)('$name is as small as it is promised', async (bundle) => {
    const found = limits.find(({ path }) => path.some((one) => one.includes(`/${bundle.name}/`)));
    const files = await codeOf(bundle);
    const sizes = [...files.values()].map((content) => gzipSync(content, { level: 9 }).length);
    const size = sizes.reduce((sum, one) => sum + one, 0);
    expect(size).toBeLessThanOrEqual(bytesIn(present(found, 'a limit').limit));
  });

  it('for one backend has nothing of the others', async () => {
    const model = await modelOf('lstm(4) -> softmax', { dims: { D: 3 } });
    const gpu = ['GPU', 'createShaderModule', '@compute'];
    for (const [backend, names, foreign] of [
      ['wasm', ['index.js', 'model.wasm'], [...gpu, 'webgpu', 'javascript', 'instantiate(']],
      ['javascript', ['index.js', 'javascript.js'], [...gpu, 'webgpu', 'WebAssembly']],
      ['webgpu', ['index.js', 'webgpu.js'], ['WebAssembly', 'instantiate(']],
    ] as const) {
      const files = await filesOf(model, { backends: [backend] });
      const code = [...files].filter(([name]) => /\.(js|wasm)$/.test(name));
      expect(code.map(([name]) => name).sort()).toEqual(names);
      for (const name of foreign) expect(textOf(new Map(code))).not.toContain(name);
    }
  });

  it('has what only some models need where they need it', async () => {
    const text = async (spec: string, precision: 'f32' | 'f16' = 'f32'): Promise<string> =>
      textOf(await filesOf(await modelOf(spec, { dims: { D: 3 } }), { precision }));
    const plain = await text('bidirectional(rnn(3))');
    expect(plain).not.toMatch(/\bstream\b|F16/);
    expect(await text('rnn(3)')).toMatch(/\bstream\b/);
    expect(await text('bidirectional(rnn(3))', 'f16')).toContain('F16');
  });
});
