/** Parameters that stay on a device from run to run; needs a device. */
import { describe, expect, test } from 'vitest';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { WebgpuExecutable, type WebgpuOptions } from '../../../runtime/webgpu/webgpu-executable.ts';
import { gpuDevice, gpuUnavailable, ownDevice } from '../../support/gpu.ts';
import { exchange, floats, recurrence } from './programs.ts';

const device = await gpuDevice();
const feeds = new Map([
  ['h', 'next'],
  ['w', 'same'],
]);

async function open(options: Partial<WebgpuOptions> = {}): Promise<WebgpuExecutable> {
  const given = device === undefined ? {} : { device };
  return WebgpuExecutable.create({ ...recurrence, ...given, ...options });
}

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

async function faultOf(act: () => Promise<unknown>): Promise<RuntimeFault> {
  const error = await act().then(
    () => undefined,
    (found: unknown) => found,
  );
  if (!(error instanceof RuntimeFault)) throw new Error(`no fault but ${String(error)}`);
  return error;
}

describe.skipIf(device === undefined)(`what is kept on a device ${gpuUnavailable ?? ''}`, () => {
  test('goes on from run to run, also when runs begin before the last one is back', async () => {
    const executable = await open();
    const kept = await executable.keep(feeds);
    kept.write(start);
    const running = [1, 2, 3].map((value) => kept.run(inputs(1, value), ['sum']));
    const results = await Promise.all(running);
    // h: 10, 20 → 11, 41 → 13, 84 → 16, 171.
    expect(results.map((found) => numbers(found, 'sum'))).toEqual([[52], [97], [187]]);
    expect(results.map((found) => [...found.keys()])).toEqual([['sum'], ['sum'], ['sum']]);
    const arrays = await kept.read();
    expect(numbers(arrays, 'h')).toEqual([16, 171]);
    expect(numbers(arrays, 'w')).toEqual([1, 2]);
    executable.close();
  });

  test('moves to other memory when the number of steps changes, and back', async () => {
    const executable = await open();
    const kept = await executable.keep(feeds);
    kept.write(start);
    const sums = [1, 3, 200, 3, 1, 1].map((steps) => kept.run(inputs(steps, 0), ['next']));
    await Promise.all(sums);
    expect(numbers(await kept.read(), 'h')).toEqual([10, 20 * 2 ** 209].map(Math.fround));
    executable.close();
  });

  test('holds memory for a few numbers of steps only', async () => {
    const executable = await open();
    const kept = await executable.keep(feeds);
    kept.write(start);
    for (let steps = 1; steps <= 9; steps++) await kept.run(inputs(steps, 0), []);
    const arenas = [6, 7, 8, 9].map((steps) => 4 * (4 * steps + 12) + 4);
    expect(executable.allocatedBytes).toBe(arenas.reduce((sum, bytes) => sum + bytes, 0));
    expect(numbers(await kept.read(), 'h')).toEqual([10, 20 * 2 ** 45].map(Math.fround));
    kept.close();
    expect(executable.allocatedBytes).toBe(0);
    const other = await executable.keep(feeds);
    other.write(start);
    await other.run(inputs(1, 0), []);
    expect(executable.allocatedBytes).toBe(4 * 16 + 4);
    executable.close();
    expect(executable.allocatedBytes).toBe(0);
  });

  test('takes what is written in between, and gives it back even before a run', async () => {
    const executable = await open();
    const kept = await executable.keep(feeds);
    const h = Float32Array.of(1, 1);
    kept.write(new Map([...start, ['h', { dtype: 'float', shape: [2], data: h }]]));
    h.fill(5);
    expect(numbers(await kept.read(), 'h')).toEqual([1, 1]);
    await kept.run(inputs(1, 0), []);
    expect(numbers(await kept.read(), 'h')).toEqual([1, 2]);
    kept.write(new Map([['h', floats([2], [7, 7])]]));
    expect(numbers(await kept.read(), 'h')).toEqual([7, 7]);
    expect(numbers(await kept.run(inputs(2, 0), ['next']), 'next')).toEqual([7, 28]);
    executable.close();
  });

  test('may be kept by several at once, apart from one another and from plain runs', async () => {
    const executable = await open();
    const [one, two] = [await executable.keep(feeds), await executable.keep(feeds)];
    one.write(start);
    two.write(new Map([...start, ['h', floats([2], [0, 0])]]));
    const plain = executable.run(new Map([...start, ...inputs(1, 5)]));
    await Promise.all([one.run(inputs(1, 1), []), two.run(inputs(1, 2), []), plain]);
    expect(numbers(await one.read(), 'h')).toEqual([11, 41]);
    expect(numbers(await two.read(), 'h')).toEqual([2, 2]);
    expect(numbers(await plain, 'next')).toEqual([15, 45]);
    executable.close();
  });

  test.each([false, true])('is fed from elsewhere too, all at once (%s)', async (checkNan) => {
    const executable = await open({ ...exchange, checkNan });
    const kept = await executable.keep(
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
    executable.close();
  });

  test('is no input of a run, and is whole before the first', async () => {
    const executable = await open();
    const kept = await executable.keep(feeds);
    const given = new Map([...start, ...inputs(1, 0)]);
    expect(() => kept.write(inputs(1, 0))).toThrow('x is not kept');
    expect((await faultOf(() => kept.run(inputs(1, 0), []))).code).toBe('R7002');
    kept.write(start);
    expect((await faultOf(() => kept.run(given, []))).code).toBe('R7004');
    await expect(kept.run(inputs(1, 0), ['other'])).rejects.toThrow('no result other');
    kept.write(new Map([['h', floats([3], [1, 2, 3])]]));
    expect((await faultOf(() => kept.run(inputs(1, 0), []))).code).toBe('R7001');
    executable.close();
  });

  test('is looked at for NaN run by run, in the order of the calls', async () => {
    const executable = await open({ checkNan: true });
    const kept = await executable.keep(feeds);
    kept.write(start);
    const running = [1, 2].map((value) => kept.run(inputs(1, value), ['sum']));
    expect((await Promise.all(running)).map((found) => numbers(found, 'sum'))).toEqual([
      [52],
      [97],
    ]);
    const fault = await faultOf(() => kept.run(inputs(1, NaN), []));
    expect(fault.code).toBe('R7701');
    executable.close();
  });
});

describe.skipIf(device === undefined)('what is kept on a device that is lost', () => {
  test('is gone; what is kept anew is on another device', async () => {
    const own = await ownDevice();
    const executable = await open({ device: own, requestDevice: ownDevice });
    const kept = await executable.keep(feeds);
    kept.write(start);
    const running = kept.run(inputs(500, 0), ['sum']);
    own.destroy();
    expect((await faultOf(() => running)).code).toBe('T6405');
    const later = await faultOf(() => kept.run(inputs(1, 0), []));
    expect(later.message).toMatch(/^the GPU device was lost: .*; what it kept is gone$/);
    expect((await faultOf(() => kept.read())).code).toBe('T6405');
    const again = await executable.keep(feeds);
    again.write(start);
    expect(numbers(await again.run(inputs(1, 1), ['sum']), 'sum')).toEqual([52]);
    executable.close();
  });
});
