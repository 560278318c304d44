/** Devices that do not answer, are lost or have no memory: every wait ends, and says why. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { watchDevice } from '../../../runtime/webgpu/watch.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import { fakeDevice, never, type FakeAnswers } from './fake-device.ts';
import { floats, recurrence } from './programs.ts';

const inputs = new Map([
  ['w', floats([2], [1, 1])],
  ['h', floats([2], [0, 0])],
  ['x', floats([1, 2], [1, 1])],
]);

async function faultOf(act: () => Promise<unknown>): Promise<RuntimeFault> {
  const error = await act().then(
    () => undefined,
    (found: unknown) => found,
  );
  if (!(error instanceof RuntimeFault)) throw new Error(`no fault but ${String(error)}`);
  return error;
}

async function runOn(answers: FakeAnswers): Promise<unknown> {
  const { device } = fakeDevice(answers);
  const executable = await WebgpuExecutable.create({ ...recurrence, device });
  return executable.run(inputs);
}

/** The fault after a minute, in which nothing else happens. */
async function faultInTime(act: () => Promise<unknown>): Promise<RuntimeFault> {
  const fault = faultOf(act);
  await vi.advanceTimersByTimeAsync(59_999);
  const early = await Promise.race([fault.then(() => true), Promise.resolve(false)]);
  expect(early).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  return fault;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  // No timer is left, which would keep a process alive.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a device that does not answer', () => {
  test('ends a run with what was waited for', async () => {
    const fault = await faultInTime(() => runOn({ map: never }));
    expect(fault.code).toBe('T6406');
    expect(fault.message).toBe(
      'the GPU did not answer within 60 s while waiting for the results of recurrence',
    );
  });

  test('ends the compilation of a kernel', async () => {
    const fault = await faultInTime(() => runOn({ pipeline: never }));
    expect(fault.code).toBe('T6406');
    expect(fault.message).toContain('waiting for the kernel recurrence.step to be compiled');
  });

  test('ends the question whether a run was sound', async () => {
    const fault = await faultInTime(() => runOn({ scope: never }));
    expect(fault.code).toBe('T6406');
    expect(fault.message).toContain('waiting for the answer to a run of recurrence');
  });

  test('ends the reading of what is kept', async () => {
    const maps = [() => Promise.resolve(), never<undefined>];
    const { device } = fakeDevice({ map: () => (maps.shift() ?? never<undefined>)() });
    const executable = await WebgpuExecutable.create({ ...recurrence, device });
    const kept = await executable.keep(new Map([['h', 'next']]));
    kept.write(new Map([['h', floats([2], [0, 0])]]));
    await kept.run(new Map([...inputs].filter(([name]) => name !== 'h')), []);
    expect((await faultInTime(() => kept.read())).code).toBe('T6406');
  });
});

describe('a device that has no memory left', () => {
  test('ends a run with the bytes that it needs', async () => {
    const error: GPUError = { message: 'no memory' };
    const scope = (filter: GPUErrorFilter): Promise<GPUError | null> =>
      Promise.resolve(filter === 'out-of-memory' ? error : { message: 'and so it is invalid' });
    const fault = await faultOf(() => runOn({ scope }));
    expect(fault.code).toBe('T6401');
    expect(fault.message).toBe(
      'the GPU has not enough memory for recurrence, which needs 68 bytes',
    );
  });
});

describe('the wait for a device', () => {
  test('gives what comes, and an error as it is', async () => {
    const watch = watchDevice(fakeDevice().device);
    expect(await watch.wait(Promise.resolve(7), 'seven', 1000)).toBe(7);
    const failing = expect(watch.wait(Promise.reject(new Error('no')), 'it', 1000));
    await Promise.all([failing.rejects.toThrow('no'), vi.advanceTimersByTimeAsync(100)]);
  });

  test('ends with the loss of the device, also where a promise was let go before', async () => {
    let lose = (_: GPUDeviceLostInfo): void => undefined;
    const lost = new Promise<GPUDeviceLostInfo>((resolve) => (lose = resolve));
    const watch = watchDevice(fakeDevice({ lost }).device);
    const open = faultOf(() => watch.wait(never(), 'it', 10_000));
    const rejected = faultOf(() => watch.wait(Promise.reject(new Error('aborted')), 'it', 10_000));
    lose({ reason: 'unknown', message: 'pulled out' } as GPUDeviceLostInfo);
    expect((await open).message).toBe('the GPU device was lost: unknown, pulled out');
    await vi.advanceTimersByTimeAsync(100);
    expect((await rejected).code).toBe('T6405');
    expect((await faultOf(() => watch.wait(never(), 'it', 10_000))).code).toBe('T6405');
  });
});
