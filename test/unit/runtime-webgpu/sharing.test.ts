/** Pipelines, memory and times on a device that computes nothing, where they can be counted. */
import { describe, expect, test } from 'vitest';
import { int } from '../../../compiler/kernel/build.ts';
import { MemoryCache } from '../../../runtime/webgpu/memory-cache.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import { fakeDevice } from './fake-device.ts';
import { affine, exchange, floats, recurrence } from './programs.ts';

const inputs = (steps: number) =>
  new Map([
    ['w', floats([2], [1, 1])],
    ['h', floats([2], [0, 0])],
    ['x', floats([steps, 2], new Array<number>(2 * steps).fill(0))],
  ]);

describe('programs on one device', () => {
  test('compile a shader once, and each of another device its own', async () => {
    let compiled = 0;
    const pipeline = (): Promise<unknown> => Promise.resolve(compiled++);
    const { device } = fakeDevice({ pipeline });
    await Promise.all([
      WebgpuExecutable.create({ ...affine, device }),
      WebgpuExecutable.create({ ...affine, device }),
    ]);
    expect(compiled).toBe(2);
    await WebgpuExecutable.create({ ...exchange, device });
    expect(compiled).toBe(3);
    await WebgpuExecutable.create({ ...affine, device: fakeDevice({ pipeline }).device });
    expect(compiled).toBe(5);
  });

  test('compile a shader again that failed before', async () => {
    let compiled = 0;
    const pipeline = (): Promise<unknown> => {
      compiled++;
      return compiled === 1 ? Promise.reject(new Error('no')) : Promise.resolve({});
    };
    const { device } = fakeDevice({ pipeline });
    await expect(WebgpuExecutable.create({ ...exchange, device })).rejects.toThrow(
      'the GPU refuses the kernel exchange: no',
    );
    await WebgpuExecutable.create({ ...exchange, device });
    expect(compiled).toBe(2);
  });
});

describe('memory', () => {
  test('is not touched where a run is refused, and goes with the program', async () => {
    const { device, buffers } = fakeDevice();
    const executable = await WebgpuExecutable.create({ ...recurrence, device });
    // Zeros only, but as many as the limit is beyond: 4 floats a step.
    const steps = 2 ** 27 / 16 + 1;
    const many = new Map([
      ...inputs(0),
      ['x', { dtype: 'float', shape: [steps, 2], data: new Float32Array(2 * steps) }] as const,
    ]);
    await expect(executable.run(many)).rejects.toMatchObject({ code: 'T6401' });
    expect(buffers.size).toBe(0);
    await executable.run(inputs(1));
    expect(buffers.get('recurrence: floats')).toBe(64);
    expect(buffers.get('recurrence: ints')).toBe(4);
    executable.close();
    expect([...buffers.keys()]).toEqual(['results']);
  });

  test('of floats ends with a whole vector of four', async () => {
    const { device, buffers } = fakeDevice();
    const memory = { f32: int(9), i32: int(1) };
    const program = { ...exchange.program, memory };
    const executable = await WebgpuExecutable.create({ ...exchange, program, device });
    await executable.run(
      new Map([
        ['a', floats([1], [0])],
        ['b', floats([1], [0])],
      ]),
    );
    expect(buffers.get('exchange: floats')).toBe(48);
    expect(executable.allocatedBytes).toBe(52);
  });

  test('is held for the bindings that were used last', () => {
    const destroyed: number[] = [];
    const cache = new MemoryCache<{ bytes: number; destroy: () => void }>();
    const take = (steps: number, bytes: number): void => {
      const made = { bytes, destroy: () => void destroyed.push(steps) };
      cache.take(String(steps), () => made);
      cache.trim();
    };
    for (const steps of [1, 2, 3, 4, 1, 5]) take(steps, 100);
    expect([destroyed, cache.bytes]).toEqual([[2], 400]);
    take(6, 2 ** 28 - 150);
    expect([destroyed, cache.bytes]).toEqual([[2, 3, 4, 1], 2 ** 28 - 50]);
    take(7, 2 ** 30);
    expect([destroyed, cache.bytes]).toEqual([[2, 3, 4, 1, 5, 6], 2 ** 30]);
  });
});

describe('the times of kernels', () => {
  const read = (bytes: number): ArrayBuffer =>
    BigUint64Array.from({ length: bytes / 8 }, (_, i) => BigInt(i * i)).buffer;

  test('are added up over dispatches and runs', async () => {
    const { device } = fakeDevice({ features: ['timestamp-query'], read });
    const executable = await WebgpuExecutable.create({ ...recurrence, device, profile: true });
    await executable.run(inputs(3));
    // Dispatch i takes (2i + 1)² - (2i)².
    const once = [
      ['recurrence.step', 1 + 5 + 9],
      ['recurrence.sum', 13],
    ];
    expect([...(executable.profile ?? [])]).toEqual(once);
    await executable.run(inputs(0));
    expect([...(executable.profile ?? [])]).toEqual([once[0], ['recurrence.sum', 13 + 1]]);
  });

  test('are absent where nobody asked, or the device has no clock', async () => {
    const clock = fakeDevice({ features: ['timestamp-query'] }).device;
    const unasked = await WebgpuExecutable.create({ ...recurrence, device: clock });
    expect(unasked.profile).toBeUndefined();
    const { device } = fakeDevice();
    const timed = await WebgpuExecutable.create({ ...recurrence, device, profile: true });
    await timed.run(inputs(1));
    expect(timed.profile).toBeUndefined();
  });
});
