/**
 * What all programs on one device share: its context, compiled pipelines by their shader, and
 * buffers to read results through.
 */
import { openContext, type DeviceContext } from './context.ts';
import { StagingPool } from './staging.ts';

export interface SharedContext extends DeviceContext {
  /** By the name of the entry point and the text of the shader. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
  readonly staging: StagingPool;
}

const contexts = new WeakMap<GPUDevice, SharedContext>();

export function contextOf(device: GPUDevice): SharedContext {
  const known = contexts.get(device);
  if (known !== undefined) return known;
  const context: SharedContext = {
    ...openContext(device),
    pipelines: new Map(),
    staging: new StagingPool(device),
  };
  contexts.set(device, context);
  return context;
}
