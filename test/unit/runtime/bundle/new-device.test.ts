/** A bundle's GPU: what is not there, or does not answer, is told and never waited for. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newDevice } from '../../../../runtime/bundle/new-device.ts';

const forEver = new Promise<never>(() => undefined);

function gpuOf(requestAdapter: () => Promise<unknown>): void {
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
}

describe('the GPU of a bundle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it.each([
    ['an adapter', () => forEver],
    [
      'a device',
      () => Promise.resolve({ limits: {}, features: new Set(), requestDevice: () => forEver }),
    ],
  ])('is given up where %s never comes', async (_, requestAdapter) => {
    gpuOf(requestAdapter);
    const failing = expect(newDevice()).rejects.toMatchObject({ code: 'T6406' });
    await vi.advanceTimersByTimeAsync(60_000);
    await failing;
  });

  it.each([
    ['none', () => Promise.resolve(null)],
    ['one that refuses', () => Promise.reject(new Error('hidden'))],
  ])('is told to be missing where there is %s', async (_, requestAdapter) => {
    gpuOf(requestAdapter);
    await expect(newDevice()).rejects.toMatchObject({ code: 'T6403' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is the device of the adapter, and nothing is waited for any more', async () => {
    const device = {};
    const requestDevice = (): Promise<unknown> => Promise.resolve(device);
    gpuOf(() => Promise.resolve({ limits: {}, features: new Set(), requestDevice }));
    expect(await newDevice()).toBe(device);
    expect(vi.getTimerCount()).toBe(0);
  });
});
