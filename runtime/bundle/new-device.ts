/** A device of this page's GPU. */
import { RuntimeFault } from '../artifact/executable.ts';
import { openDevice } from '../webgpu/device.ts';

/** How long a page waits for its GPU, in milliseconds, before it takes what else there is. */
const patience = 10_000;

/** Faults: T6403 where there is none, T6406 where nothing answers. */
export async function newDevice(): Promise<GPUDevice> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    const fault = new RuntimeFault('T6406', 'the GPU does not answer');
    timer = setTimeout(() => reject(fault), patience);
  });
  try {
    return await Promise.race([foundDevice(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function foundDevice(): Promise<GPUDevice> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  // A browser that was told to hide its GPU may throw.
  const adapter = await navigator?.gpu?.requestAdapter().catch(() => null);
  if (!adapter) throw new RuntimeFault('T6403', 'there is no GPU adapter');
  return openDevice(adapter);
}
