/** WebAssembly in one thread: damaged modules, modules that trap, the time of kernels. */
import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { WasmExecutable } from '../../../runtime/wasm/wasm-executable.ts';
import { wasmHost } from '../../../runtime/wasm/webassembly.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { faultOfAsync } from '../../support/fault.ts';
import { moduleBytes, op } from './modules.ts';
import { affine, numbers, open, recurrence, rows } from '../runtime-linear/programs.ts';

describe('a run', () => {
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
