/** A device of this page's GPU. */
import { RuntimeFault } from '../artifact/executable.ts';
import { openDevice } from '../webgpu/device.ts';

/** Faults: T6403 where there is none. */
export async function newDevice(): Promise<GPUDevice> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  // A browser that was told to hide its GPU may throw.
  const adapter = await navigator?.gpu?.requestAdapter().catch(() => null);
  if (!adapter) throw new RuntimeFault('T6403', 'there is no GPU adapter');
  return openDevice(adapter);
}
