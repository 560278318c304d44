/** Programs in one thread: element types, loops, memory that grows, whatever the code is. */
import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import { kinds } from './kinds.ts';
import { affine, numbers, packed, recurrence, rows } from './programs.ts';

describe.each(kinds)('a run of $kind', ({ open }) => {
  test('takes and gives floats, ints and bools', async () => {
    const results = await (await open(affine)).run(rows(3));
    expect(results.get('y')).toEqual({
      dtype: 'float',
      shape: [3],
      data: Float32Array.of(-2, 1, 2),
    });
    expect(results.get('positive')?.data).toEqual(Uint8Array.of(0, 0, 1));
    expect(results.get('doubled')?.data).toEqual(Int32Array.of(0, 2, 4));
  });

  test('goes on with other sizes, in memory that grows and stays', async () => {
    const executable = await open(affine);
    const small = executable.allocatedBytes;
    for (const count of [3, 100_000, 0, 1]) {
      const results = await executable.run(rows(count));
      const y = results.get('y')?.data ?? [];
      expect(y).toHaveLength(count);
      expect(y.at(-1)).toBe(count === 0 ? undefined : 2 * (count - 2) + ((count - 1) % 2));
    }
    expect(small).toBe(65536);
    expect(executable.allocatedBytes).toBe(65536 * Math.ceil((128 + 24 * 100_000) / 65536));
  });

  test('runs a loop over time as often as there are steps, and not at all without any', async () => {
    const executable = await open(recurrence);
    const run = (steps: number): Promise<ReadonlyMap<string, NdArray>> =>
      executable.run(
        new Map([
          ['w', floats([2], [1, 2])],
          ['h', floats([2], [10, 20])],
          ['x', floats([steps, 2], new Array<number>(2 * steps).fill(1))],
        ]),
      );
    expect(numbers(await run(2), 'next')).toEqual([12, 83]);
    expect(numbers(await run(0), 'sum')).toEqual([30]);
  });

  test('prepares what depends on weights each time', async () => {
    const executable = await open(packed);
    for (const w of [1, 2, 2]) {
      const inputs = { w: floats([], [w]), count: floats([], [0]), x: floats([2], [1, 3]) };
      const results = await executable.run(new Map(Object.entries(inputs)));
      expect(numbers(results, 'y')).toEqual([w + 1, 3 * (w + 1)]);
      expect(numbers(results, 'prepared')).toEqual([1]);
    }
  });

  test('refuses what takes more than 2 GiB, with bytes, sizes and the largest tensors', async () => {
    const executable = await open(affine);
    const fault = await faultOfAsync(() => executable.session(new Map([['B', 200_000_000]])));
    expect(fault.code).toBe('T6401');
    expect(fault.message).toContain(
      'affine needs 4800000128 bytes of memory at B = 200000000 (x 800000000, flag 800000000, n 800000000)',
    );
    expect(fault.hint).toContain('use a smaller batch or shorter sequences');
    expect(executable.allocatedBytes).toBe(65536);
    expect(numbers(await executable.run(rows(1)), 'y')).toEqual([-2]);
  });

  test('may begin while another is on its way', async () => {
    const executable = await open(affine);
    const running = [1, 2, 3].map((count) => executable.run(rows(count)));
    const lengths = (await Promise.all(running)).map((found) => found.get('y')?.shape);
    expect(lengths).toEqual([[1], [2], [3]]);
  });
});
