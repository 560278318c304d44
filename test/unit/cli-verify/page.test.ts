/** What goes to a page and back, and what is said where there is none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageBackends } from '../../../compiler/cli/verify/page/backends.ts';
import { pack, unpack } from '../../../compiler/cli/verify/page/words.ts';
import { gatework } from '../../support/command-line.ts';

const data = fc.oneof(
  fc.float64Array({ maxLength: 20 }),
  fc.float32Array({ maxLength: 20 }),
  fc.int32Array({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
);

describe('arrays for a page', () => {
  it('are the same bits on the other side', () => {
    fc.assert(
      fc.property(fc.array(data, { maxLength: 3 }), (arrays) => {
        const named = arrays.map((one, i) => {
          const dtype = one instanceof Int32Array ? 'int' : 'float';
          return [`x${i}`, { dtype, shape: [one.length], data: one }] as const;
        });
        const packed: unknown = JSON.parse(JSON.stringify(pack(new Map(named))));
        expect(unpack(packed as ReturnType<typeof pack>)).toEqual(new Map(named));
      }),
      { seed: 1 },
    );
  });

  it('may be a part of a longer buffer', () => {
    const part = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    const packed = pack(new Map([['x', { dtype: 'float', shape: [2], data: part }]]));
    expect([...(unpack(packed).get('x')?.data ?? [])]).toEqual([2, 3]);
  });
});

describe('without a browser', { timeout: 120_000 }, () => {
  it('nothing is opened where no page is asked for', async () => {
    const { backends, skipped } = await pageBackends((name) => name === 'wasm simd', '/nowhere');
    expect([backends, skipped]).toEqual([[], []]);
  });

  it('the page is not run, for a reason that says what to do', () => {
    const words = ['verify', 'rnn(2)', '--backends', 'page wasm', '--browser', '/nowhere'];
    const run = gatework(...words);
    expect(run.status).toBe(3);
    expect(run.stdout).toMatch(
      /not run: page wasm: no browser can be begun: .*\(npx playwright-core/,
    );
    expect(gatework(...words, '--allow-skips').status).toBe(0);
  });
});
