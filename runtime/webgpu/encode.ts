/** Records dispatches. All of them share one bind group and differ in two dynamic offsets. */
import { known } from '../session/known.ts';
import type { DeviceMemory } from './memory.ts';

/** By kernel. */
export type Pipelines = readonly GPUComputePipeline[];

/** What of a memory records its dispatches. */
export type Encoded = Pick<DeviceMemory, 'dispatches' | 'offsets' | 'group'>;

/** All of them in one pass, in order; or those from `from` before `to`. */
export function encodeDispatches(
  encoder: GPUCommandEncoder,
  pipelines: Pipelines,
  { dispatches, offsets, group }: Encoded,
  { from = 0, to = dispatches.length, ...how }: EncodeHow = {},
): void {
  const pass = encoder.beginComputePass(how);
  let last: number | undefined;
  dispatches.slice(from, to).forEach(({ kernel, groups }, i) => {
    if (kernel !== last) pass.setPipeline(known(pipelines[kernel], `kernel ${kernel}`));
    pass.setBindGroup(0, group, offsets, 2 * (from + i), 2);
    pass.dispatchWorkgroups(...groups);
    last = kernel;
  });
  pass.end();
}

export interface EncodeHow extends GPUComputePassDescriptor {
  readonly from?: number;
  readonly to?: number;
}
