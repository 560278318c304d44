/**
 * What a program needs of its device: the one layout of bindings that every kernel is written for,
 * and word of its loss.
 *
 * Bind group 0: the dispatch's record and its time step, both at dynamic offsets into uniform
 * memory, then the arenas of f32 and i32.
 */
import { watchDevice, type DeviceWatch } from './watch.ts';
import { visibleToCompute } from './flags.ts';

export interface DeviceContext {
  readonly device: GPUDevice;
  readonly watch: DeviceWatch;
  readonly bindings: GPUBindGroupLayout;
  readonly pipelineLayout: GPUPipelineLayout;
}

export function openContext(device: GPUDevice): DeviceContext {
  const uniform: GPUBufferBindingLayout = { type: 'uniform', hasDynamicOffset: true };
  const storage: GPUBufferBindingLayout = { type: 'storage' };
  const bindings = device.createBindGroupLayout({
    entries: [uniform, uniform, storage, storage].map((buffer, binding) => ({
      binding,
      visibility: visibleToCompute,
      buffer,
    })),
  });
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [bindings] });
  return { device, watch: watchDevice(device), bindings, pipelineLayout };
}
