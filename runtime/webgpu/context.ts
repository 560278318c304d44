/**
 * What all programs on one device share: the one layout of bindings that every kernel is written
 * for, compiled pipelines by their shader, and buffers to read results through.
 *
 * Bind group 0: the dispatch's record and its time step, both at dynamic offsets into uniform
 * memory, then the arenas of f32 and i32.
 */
import { DeviceWatch } from './watch.ts';
import { visibleToCompute } from './flags.ts';
import { StagingPool } from './staging.ts';

export interface DeviceContext {
  readonly device: GPUDevice;
  readonly watch: DeviceWatch;
  readonly bindings: GPUBindGroupLayout;
  readonly pipelineLayout: GPUPipelineLayout;
  /** By the name of the entry point and the text of the shader. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
  readonly staging: StagingPool;
}

const contexts = new WeakMap<GPUDevice, DeviceContext>();

export function contextOf(device: GPUDevice): DeviceContext {
  const known = contexts.get(device);
  if (known !== undefined) return known;
  const uniform: GPUBufferBindingLayout = { type: 'uniform', hasDynamicOffset: true };
  const storage: GPUBufferBindingLayout = { type: 'storage' };
  const bindings = device.createBindGroupLayout({
    entries: [uniform, uniform, storage, storage].map((buffer, binding) => ({
      binding,
      visibility: visibleToCompute,
      buffer,
    })),
  });
  const context: DeviceContext = {
    device,
    watch: new DeviceWatch(device),
    bindings,
    pipelineLayout: device.createPipelineLayout({ bindGroupLayouts: [bindings] }),
    pipelines: new Map(),
    staging: new StagingPool(device),
  };
  contexts.set(device, context);
  return context;
}
