/** Programs with shaders written by hand on a device; needs one. */
import { describe, expect, test } from 'vitest';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { WebgpuExecutable, type WebgpuOptions } from '../../../runtime/webgpu/webgpu-executable.ts';
import { int, mul, size } from '../../../compiler/kernel/build.ts';
import { gpuDevice, gpuUnavailable, ownDevice } from '../../support/gpu.ts';
import { affine, floats, recurrence, type Written } from './programs.ts';

const device = await gpuDevice();
const note = gpuUnavailable ?? '';

async function open(written: Written, options: Partial<WebgpuOptions> = {}) {
  const given = device === undefined ? {} : { device };
  return WebgpuExecutable.create({ ...written, ...given, ...options });
}

const rows = (n: readonly number[]): ReadonlyMap<string, NdArray> =>
  new Map<string, NdArray>([
    ['x', floats([2, 3], [1, -2, 0.5, 0, 4, -1e-3])],
    ['add', { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) }],
    ['n', { dtype: 'int', shape: [2], data: Int32Array.from(n) }],
  ]);

async function faultOf(act: () => Promise<unknown>): Promise<RuntimeFault> {
  const error = await act().then(
    () => undefined,
    (found: unknown) => found,
  );
  if (!(error instanceof RuntimeFault)) throw new Error(`no fault but ${String(error)}`);
  return error;
}

describe.skipIf(device === undefined)(`a program on a device ${note}`, () => {
  test('reads and writes every element type', async () => {
    const executable = await open(affine);
    const results = await executable.run(rows([3, 9]));
    expect([...results.keys()]).toEqual(['y', 'positive', 'doubled']);
    expect(results.get('y')).toEqual({
      dtype: 'float',
      shape: [2, 3],
      data: Float32Array.of(3, -3, 2, 0, 8, -2e-3),
    });
    expect(results.get('positive')?.data).toEqual(Uint8Array.of(1, 0, 1, 0, 1, 0));
    expect(results.get('doubled')?.data).toEqual(Int32Array.of(6, 18));
    executable.close();
  });

  test('takes exactly the bytes of its layout, and gives them back', async () => {
    const executable = await open(affine);
    expect(executable.allocatedBytes).toBe(0);
    await executable.run(rows([0, 0]));
    expect(executable.allocatedBytes).toBe(4 * (8 * 2 + 16 * 2));
    executable.close();
    expect(executable.allocatedBytes).toBe(0);
    await expect(executable.run(rows([0, 0]))).rejects.toThrow('the program affine is closed');
  });

  test('runs a loop over time in order, for any number of steps', async () => {
    const executable = await open(recurrence);
    for (const steps of [1, 5, 300, 5, 0, 2]) {
      const x = Array.from({ length: 2 * steps }, (_, i) => (i % 7) - 3);
      let h = [1, -2];
      for (let t = 0; t < steps; t++) {
        h = [
          Math.fround((h[0] ?? 0) * 0.5) + (x[2 * t] ?? 0),
          Math.fround((h[1] ?? 0) * -1) + (x[2 * t + 1] ?? 0),
        ];
      }
      const inputs = new Map([
        ['w', floats([2], [0.5, -1])],
        ['h', floats([2], [1, -2])],
        ['x', floats([steps, 2], x)],
      ]);
      const results = await executable.run(inputs);
      expect(results.get('next')?.data).toEqual(Float32Array.from(h));
      expect(results.get('sum')?.shape).toEqual([]);
    }
    executable.close();
  });

  test('keeps apart runs that are under way at the same time', async () => {
    const executable = await open(affine);
    const ids = [0, 1, 2, 3, 4, 5];
    const found = await Promise.all(ids.map((n) => executable.run(rows([n, 9 - n]))));
    expect(found.map((results) => [...(results.get('doubled')?.data ?? [])])).toEqual(
      ids.map((n) => [2 * n, 18 - 2 * n]),
    );
    executable.close();
  });

  test('looks at inputs before anything is dispatched', async () => {
    const executable = await open(affine);
    const wrong = await faultOf(() => executable.run(rows([3, 10])));
    expect(wrong.message).toBe('input n: the id at [1] is 10, but ids run from 0 to 9');
    const shapes = new Map([...rows([0, 0]), ['x', floats([2, 4], [1, 2, 3, 4, 5, 6, 7, 8])]]);
    expect((await faultOf(() => executable.run(shapes))).code).toBe('R7001');
    expect((await faultOf(() => executable.run(new Map()))).code).toBe('R7002');
    expect(executable.allocatedBytes).toBe(0);
    executable.close();
  });

  test('refuses memory beyond the limits before it allocates any', async () => {
    const gigabyte = mul(int(2 ** 28), size('B'));
    const memory: Program['memory'] = { f32: gigabyte, i32: int(96) };
    const executable = await open({ ...affine, program: { ...affine.program, memory } });
    const fault = await faultOf(() => executable.run(rows([0, 0])));
    expect(fault.code).toBe('T6401');
    const limit = device?.limits.maxStorageBufferBindingSize ?? 0;
    expect(fault.message).toBe(
      `affine needs ${2 ** 31} bytes of GPU memory in one piece; this device gives at most ${limit}`,
    );
    expect(fault.hint).toBe('use a smaller batch or shorter sequences');
    expect(executable.allocatedBytes).toBe(0);
  });

  test('says which kernel has too many workgroups', async () => {
    const [first, ...rest] = affine.program.steps;
    if (first?.kind !== 'dispatch') throw new Error('the program has changed');
    const steps: Program['steps'] = [
      { ...first, groups: [mul(int(40000), size('B')), int(1), int(1)] },
      ...rest,
    ];
    const executable = await open({ ...affine, program: { ...affine.program, steps } });
    const fault = await faultOf(() => executable.run(rows([0, 0])));
    expect(fault.code).toBe('T6404');
    expect(fault.message).toBe(
      'the GPU refuses the kernel affine.rows (affine.gate:1:2 rows): ' +
        'it takes [80000, 1, 1] workgroups, and at most 65535 go along an axis',
    );
  });

  test('says in which line of which kernel a shader is wrong', async () => {
    const shaders = affine.shaders.map((text) => text.replace('2.0 * x', '2.0 * z'));
    for (let attempt = 0; attempt < 2; attempt++) {
      const fault = await faultOf(() => open({ ...affine, shaders }));
      expect(fault.code).toBe('T6404');
      expect(fault.message).toContain('the kernel affine.rows (affine.gate:1:2 rows): line 10: ');
      expect(fault.message).toContain("'z'");
      expect(fault.message).toContain('(floats[record[0].z + i] = 2.0 * z');
    }
  });

  test('says which kernel asks for more than there is in its record', async () => {
    const shaders = affine.shaders.map((text) => text.replace('vec4<u32>, 1', 'vec4<u32>, 9'));
    const executable = await open({ ...affine, shaders });
    const fault = await faultOf(() => executable.run(rows([0, 0])));
    expect(fault.code).toBe('T6404');
    expect(fault.message).toContain('the GPU refuses the kernel affine.ids: ');
    executable.close();
  });

  test('finds the first dispatch that writes NaN or infinity', async () => {
    const executable = await open(recurrence, { checkNan: true });
    const inputs = (x: readonly number[]) =>
      new Map([
        ['w', floats([2], [1, 1])],
        ['h', floats([2], [0, 0])],
        ['x', floats([4, 2], x)],
      ]);
    const sound = await executable.run(inputs([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(sound.get('next')?.data).toEqual(Float32Array.of(16, 20));
    const nan = await faultOf(() => executable.run(inputs([1, 2, 3, 4, 5, NaN, 7, 8])));
    expect(nan.code).toBe('R7701');
    expect(nan.message).toBe(
      'the kernel recurrence.step (rnn.gate:3:1 cell) wrote NaN to h[1] at time step 2',
    );
    const infinite = await faultOf(() => executable.run(inputs([1, 2, 3e38, 4, 3e38, 6, 7, 8])));
    expect(infinite.message).toContain('wrote infinity to h[0] at time step 2');
    executable.close();
  });

  test('adds up the time of each kernel', async () => {
    const executable = await open(recurrence, { profile: true });
    const inputs = (steps: number) =>
      new Map([
        ['w', floats([2], [1, 1])],
        ['h', floats([2], [0, 0])],
        ['x', floats([steps, 2], new Array<number>(2 * steps).fill(1))],
      ]);
    // More dispatches than one set of queries holds.
    const results = await executable.run(inputs(2100));
    expect(results.get('next')?.data).toEqual(Float32Array.of(2100, 2100));
    const times = executable.profile;
    if (device?.features.has('timestamp-query') === true) {
      expect([...(times?.keys() ?? [])]).toEqual(['recurrence.step', 'recurrence.sum']);
      const once = times?.get('recurrence.step') ?? 0;
      expect(once).toBeGreaterThan(0);
      expect(times?.get('recurrence.sum')).toBeGreaterThan(0);
      await executable.run(inputs(100));
      expect(times?.get('recurrence.step')).toBeGreaterThan(once);
    } else {
      expect(times).toBeUndefined();
    }
    executable.close();
  });
});

describe.skipIf(device === undefined)(`a device that is lost ${note}`, () => {
  test('is replaced once, and the run is done again', async () => {
    const devices: GPUDevice[] = [];
    const notices: string[] = [];
    const requestDevice = async (): Promise<GPUDevice> => {
      const next = await ownDevice();
      devices.push(next);
      return next;
    };
    const onNotice = (message: string): void => void notices.push(message);
    const executable = await WebgpuExecutable.create({ ...affine, requestDevice, onNotice });
    await executable.run(rows([1, 2]));
    devices[0]?.destroy();
    const both = await Promise.all([executable.run(rows([3, 4])), executable.run(rows([5, 6]))]);
    expect(both.map((results) => [...(results.get('doubled')?.data ?? [])])).toEqual([
      [6, 8],
      [10, 12],
    ]);
    expect(devices).toHaveLength(2);
    expect(notices).toHaveLength(2);
    expect(notices[0]).toMatch(
      /^the GPU device was lost: .*; the run is done again on a new device$/,
    );
    executable.close();
    devices[1]?.destroy();
  });

  test('is noticed by a run that is under way', async () => {
    const own = await ownDevice();
    const executable = await open(recurrence, { device: own });
    const inputs = new Map([
      ['w', floats([2], [1, 1])],
      ['h', floats([2], [0, 0])],
      ['x', floats([2000, 2], new Array<number>(4000).fill(1))],
    ]);
    const running = faultOf(() => executable.run(inputs));
    own.destroy();
    const fault = await running;
    expect(fault.code).toBe('T6405');
    expect(fault.message).toContain('the GPU device was lost');
    expect((await faultOf(() => executable.run(inputs))).code).toBe('T6405');
  });

  test('is a fault when the new one is lost too', async () => {
    const lost = async (): Promise<GPUDevice> => {
      const next = await ownDevice();
      next.destroy();
      return next;
    };
    const own = await ownDevice();
    const executable = await open(affine, { device: own, requestDevice: lost });
    own.destroy();
    expect((await faultOf(() => executable.run(rows([1, 2])))).code).toBe('T6405');
  });
});
