/** Programs in one thread: element types, loops, memory that grows, damaged modules. */
import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { wasmHost } from '../../../runtime/wasm/webassembly.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import { moduleBytes, op } from './modules.ts';
import { affine, open, packed, recurrence } from '../runtime-linear/programs.ts';

function numbers(arrays: ReadonlyMap<string, NdArray>, name: string): number[] {
  return [...(arrays.get(name)?.data ?? [])];
}

function rows(count: number): Map<string, NdArray> {
  const all = Array.from({ length: count }, (_, i) => i);
  return new Map<string, NdArray>([
    [
      'x',
      floats(
        [count],
        all.map((i) => i - 1),
      ),
    ],
    ['flag', { dtype: 'bool', shape: [count], data: Uint8Array.from(all, (i) => i % 2) }],
    [
      'n',
      ints(
        [count],
        all.map((i) => i % 10),
      ),
    ],
  ]);
}

describe('a run', () => {
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

  test('checks its inputs before it enters the module', async () => {
    // This one would trap.
    const module = moduleBytes({ symbols: 1, run: op.unreachable });
    const executable = await WasmExecutable.create({ program: affine, module });
    const codeOf = async (changes: Readonly<Record<string, NdArray>>): Promise<string> => {
      const inputs = new Map([...rows(2), ...Object.entries(changes)]);
      return (await faultOfAsync(() => executable.run(inputs))).code;
    };
    expect(await codeOf({ x: floats([3], [1, 2, 3]) })).toBe('R7001');
    expect(await codeOf({ x: ints([2], [1, 2]) })).toBe('R7005');
    expect(await codeOf({ n: ints([2], [1, 10]) })).toBe('R7003');
    expect(await codeOf({ z: floats([], [1]) })).toBe('R7004');
    expect(await codeOf({})).toBe('T6408');
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

describe('a module', () => {
  const create = (module: Uint8Array<ArrayBuffer>): Promise<WasmExecutable> =>
    WasmExecutable.create({ program: affine, module });
  const whole = moduleBytes({ symbols: 1 });

  test.each([
    ['is no module', Uint8Array.of(1, 2, 3, 4)],
    ['is empty', new Uint8Array(0)],
    ['is cut off', whole.slice(0, -3)],
    ['has another byte in it', whole.map((byte, i) => (i === 12 ? 0x55 : byte))],
    ['lacks a function', moduleBytes({ symbols: 1, runName: 'go' })],
    ['is for threads', moduleBytes({ symbols: 1, shared: true })],
  ])('that %s is refused', async (_, module) => {
    const fault = await faultOfAsync(() => create(module));
    expect(fault.code).toBe('T6408');
    expect(fault.message).toMatch(/^the WebAssembly module of affine cannot be used: ./);
  });

  test('may come compiled', async () => {
    const module = await wasmHost()?.compile(moduleBytes({ symbols: 1 }));
    if (module === undefined) throw new Error('no WebAssembly');
    const results = await (await WasmExecutable.create({ program: affine, module })).run(rows(1));
    expect(numbers(results, 'y')).toEqual([0]);
  });

  test('that traps says so, and can be run again', async () => {
    const executable = await create(moduleBytes({ symbols: 1, run: op.unreachable }));
    for (let i = 0; i < 2; i++) {
      const fault = await faultOfAsync(() => executable.run(rows(1)));
      expect(fault.code).toBe('T6408');
      expect(fault.message).toBe('affine stopped in the middle of a run: unreachable');
    }
  });

  test('tells the time of its kernels where it was emitted for it', async () => {
    const executable = await open(recurrence, { profile: true });
    expect([...(executable.profile ?? [])]).toEqual([]);
    await executable.run(
      new Map([
        ['w', floats([2], [1, 2])],
        ['h', floats([2], [10, 20])],
        ['x', floats([3, 2], [1, 1, 1, 1, 1, 1])],
      ]),
    );
    const times = executable.profile ?? new Map<string, number>();
    expect([...times.keys()]).toEqual(['recurrence.step', 'recurrence.sum']);
    for (const time of times.values()) expect(time).toBeGreaterThanOrEqual(0);
    expect((await open(recurrence)).profile).toBeUndefined();
  });
});
