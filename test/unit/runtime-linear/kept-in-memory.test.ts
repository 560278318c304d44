/** Parameters that stay in linear memory from run to run, and what is prepared from them. */
import { describe, expect, test } from 'vitest';
import type { KeptState } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { LinearExecutable } from '../../../runtime/linear/linear-executable.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import { kinds } from './kinds.ts';
import { exchange, packed, recurrence } from './programs.ts';

const feeds = new Map([
  ['h', 'next'],
  ['w', 'same'],
]);

/** `steps` steps of a number each. */
function inputs(steps: number, value: number): ReadonlyMap<string, NdArray> {
  return new Map([['x', floats([steps, 2], new Array<number>(2 * steps).fill(value))]]);
}

const start = new Map([
  ['w', floats([2], [1, 2])],
  ['h', floats([2], [10, 20])],
]);

function numbers(arrays: ReadonlyMap<string, NdArray>, name: string): number[] {
  return [...(arrays.get(name)?.data ?? [])];
}

async function begun(executable: LinearExecutable): Promise<KeptState> {
  const kept = await executable.keep(feeds);
  kept.write(start);
  return kept;
}

describe.each(kinds)('what is kept in memory of $kind', ({ open }) => {
  test('goes on from run to run, in the order of the calls', async () => {
    const kept = await begun(await open(recurrence));
    const running = [1, 2, 3].map((value) => kept.run(inputs(1, value), ['sum']));
    const results = await Promise.all(running);
    // h: 10, 20 → 11, 41 → 13, 84 → 16, 171.
    expect(results.map((found) => numbers(found, 'sum'))).toEqual([[52], [97], [187]]);
    expect(results.map((found) => [...found.keys()])).toEqual([['sum'], ['sum'], ['sum']]);
    const arrays = await kept.read();
    expect(numbers(arrays, 'h')).toEqual([16, 171]);
    expect(numbers(arrays, 'w')).toEqual([1, 2]);
  });

  test('moves when the number of steps changes, and back, and when memory grows', async () => {
    const kept = await begun(await open(recurrence));
    for (const steps of [1, 3, 120, 3, 1, 0, 1]) await kept.run(inputs(steps, 0), ['next']);
    expect(numbers(await kept.read(), 'h')).toEqual([10, 20 * 2 ** 129].map(Math.fround));
    const many = await begun(await open(recurrence));
    await many.run(inputs(1, 1), []);
    await many.run(inputs(200_000, 0), []);
    expect(numbers(await many.read(), 'w')).toEqual([1, 2]);
    expect(numbers(await many.read(), 'h')).toEqual([11, Infinity]);
  });

  test('takes what is written in between, and gives it back even before a run', async () => {
    const kept = await (await open(recurrence)).keep(feeds);
    expect([...(await kept.read())]).toEqual([]);
    const h = Float32Array.of(1, 1);
    kept.write(new Map([...start, ['h', { dtype: 'float', shape: [2], data: h }]]));
    h.fill(5);
    expect(numbers(await kept.read(), 'h')).toEqual([1, 1]);
    await kept.run(inputs(1, 0), []);
    expect(numbers(await kept.read(), 'h')).toEqual([1, 2]);
    kept.write(new Map([['h', floats([2], [7, 7])]]));
    expect(numbers(await kept.read(), 'h')).toEqual([7, 7]);
    expect(numbers(await kept.run(inputs(2, 0), ['next']), 'next')).toEqual([7, 28]);
  });

  test('may be kept by several at once, apart from one another and from plain runs', async () => {
    const executable = await open(recurrence);
    const [one, two] = [await executable.keep(feeds), await executable.keep(feeds)];
    one.write(start);
    two.write(new Map([...start, ['h', floats([2], [0, 0])]]));
    const plain = executable.run(new Map([...start, ...inputs(1, 5)]));
    await Promise.all([one.run(inputs(1, 1), []), two.run(inputs(1, 2), []), plain]);
    expect(numbers(await one.read(), 'h')).toEqual([11, 41]);
    expect(numbers(await two.read(), 'h')).toEqual([2, 2]);
    expect(numbers(await plain, 'next')).toEqual([15, 45]);
  });

  test('leaves its memory to whoever comes next, and nothing else', async () => {
    const executable = await open(recurrence);
    for (let i = 0; i < 3; i++) {
      const kept = await begun(executable);
      expect(numbers(await kept.run(inputs(1, i), ['sum']), 'sum')).toEqual([50 + 2 * i]);
      kept.close();
      kept.close();
      await expect(kept.run(inputs(1, i), [])).rejects.toThrow('recurrence is closed');
    }
    expect(executable.allocatedBytes).toBe(65536);
    const next = await executable.keep(feeds);
    expect((await faultOfAsync(() => next.run(inputs(1, 0), []))).code).toBe('R7002');
    executable.close();
    await expect(executable.keep(feeds)).rejects.toThrow('recurrence is closed');
  });

  test('is fed from elsewhere too, all at once', async () => {
    const kept = await (
      await open(exchange)
    ).keep(
      new Map([
        ['a', 'a next'],
        ['b', 'b next'],
      ]),
    );
    kept.write(
      new Map([
        ['a', floats([1], [3])],
        ['b', floats([1], [4])],
      ]),
    );
    const none = new Map<string, NdArray>();
    const first = await kept.run(none, ['a next', 'b next']);
    expect([numbers(first, 'a next'), numbers(first, 'b next')]).toEqual([[4], [5]]);
    await kept.run(none, []);
    const arrays = await kept.read();
    // a, b: 3, 4 → 4, 5 → 5, 6.
    expect([numbers(arrays, 'a'), numbers(arrays, 'b')]).toEqual([[5], [6]]);
  });

  test('is no input of a run, and is whole before the first', async () => {
    const kept = await (await open(recurrence)).keep(feeds);
    const given = new Map([...start, ...inputs(1, 0)]);
    expect(() => kept.write(inputs(1, 0))).toThrow('x is not kept');
    expect((await faultOfAsync(() => kept.run(inputs(1, 0), []))).code).toBe('R7002');
    kept.write(start);
    expect((await faultOfAsync(() => kept.run(given, []))).code).toBe('R7004');
    await expect(kept.run(inputs(1, 0), ['other'])).rejects.toThrow('no result other');
    kept.write(new Map([['h', floats([3], [1, 2, 3])]]));
    expect((await faultOfAsync(() => kept.run(inputs(1, 0), []))).code).toBe('R7001');
  });
});

describe.each(kinds)('what is prepared from weights in $kind', ({ open }) => {
  const weights = { w: floats([], [1]), count: floats([], [0]) };
  const x = (count: number): Map<string, NdArray> =>
    new Map([['x', floats([count], new Array<number>(count).fill(10))]]);

  async function prepared(
    fed: Readonly<Record<string, string>>,
    kept: Readonly<Record<string, NdArray>> = weights,
  ): Promise<KeptState> {
    const state = await (await open(packed)).keep(new Map(Object.entries(fed)));
    state.write(new Map(Object.entries(kept)));
    return state;
  }

  test('is prepared once for weights that stay, whatever the sizes', async () => {
    const kept = await prepared({ w: 'w', count: 'prepared' });
    for (const count of [1, 3, 20_000, 2]) {
      const results = await kept.run(x(count), ['y', 'prepared']);
      expect(numbers(results, 'prepared')).toEqual([1]);
      expect(numbers(results, 'y').at(-1)).toBe(20);
    }
    kept.write(new Map([['w', floats([], [2])]]));
    expect(numbers(await kept.run(x(1), ['y']), 'y')).toEqual([30]);
    expect(numbers(await kept.run(x(2), ['prepared']), 'prepared')).toEqual([2]);
    kept.write(new Map([['count', floats([], [7])]]));
    expect(numbers(await kept.run(x(2), ['prepared']), 'prepared')).toEqual([7]);
  });

  test('is prepared before each run where a run changes weights', async () => {
    const kept = await prepared({ w: 'next', count: 'prepared' });
    for (const [step, expected] of [20, 30, 50].entries()) {
      const results = await kept.run(x(1), ['y', 'prepared']);
      expect(numbers(results, 'y')).toEqual([expected]);
      expect(numbers(results, 'prepared')).toEqual([step + 1]);
    }
  });

  test('is prepared before each run that brings a weight', async () => {
    const kept = await prepared({ count: 'prepared' }, { count: floats([], [0]) });
    for (const w of [1, 2]) {
      const results = await kept.run(new Map([...x(1), ['w', floats([], [w])]]), ['y', 'prepared']);
      expect(numbers(results, 'y')).toEqual([10 * (w + 1)]);
      expect(numbers(results, 'prepared')).toEqual([w]);
    }
  });
});
