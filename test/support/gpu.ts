/**
 * A device for tests of WebGPU: the machine's own adapter, else a driver in software, which comes
 * with the development packages. One device a process, shared by its tests: leave it whole.
 */
import { openAdapter } from '../../compiler/cli/gpu/adapter.ts';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { openDevice } from '../../runtime/webgpu/device.ts';

/** Why there is no device; undefined where there is one. Pass it to `test.skipIf` as the note. */
export const gpuUnavailable: string | undefined = await reasonAgainst();

/** Whether the device that there is computes on the processor. */
export const gpuInSoftware = gpuUnavailable === undefined && (await openAdapter()).software;

/** The device that the tests of this process share; undefined only where none can be had. */
export async function gpuDevice(): Promise<GPUDevice | undefined> {
  if (gpuUnavailable !== undefined) return undefined;
  shared ??= openAdapter().then((found) => openDevice(found.adapter));
  return shared;
}

/** A device of one's own, for tests that lose or destroy it. */
export async function ownDevice(): Promise<GPUDevice> {
  return openDevice((await openAdapter()).adapter);
}

let shared: Promise<GPUDevice> | undefined;

async function reasonAgainst(): Promise<string | undefined> {
  try {
    await openAdapter();
    return undefined;
  } catch (error) {
    if (error instanceof RuntimeFault) return error.message;
    throw error;
  }
}
