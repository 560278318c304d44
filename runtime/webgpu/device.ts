/**
 * From an adapter to a device with as much memory as the adapter offers. What a device was asked
 * for is what it has: whoever allocates looks at `device.limits`, never at a number of its own.
 */
import { RuntimeFault } from '../artifact/executable.ts';

/** Limits that are raised to the adapter's own; the rest stay at WebGPU's defaults. */
const raised = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
] as const;

/** The adapter's device; T6403 where it gives none. */
export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits: Record<string, number> = {};
  for (const name of raised) requiredLimits[name] = adapter.limits[name];
  const timed = adapter.features.has('timestamp-query');
  try {
    return await adapter.requestDevice({
      requiredLimits,
      requiredFeatures: timed ? ['timestamp-query'] : [],
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeFault('T6403', `the GPU adapter gives no device: ${reason}`);
  }
}
