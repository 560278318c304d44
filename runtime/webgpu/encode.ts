/** Records dispatches. All of them share one bind group and differ in two dynamic offsets. */
import type { Program } from '../artifact/program.ts';
import type { DeviceContext } from './context.ts';
import { catchErrors } from './error-scopes.ts';
import { known } from '../session/known.ts';
import type { DeviceMemory } from './memory.ts';
import { dispatchPlace } from './places.ts';

/** What a dispatch needs of a program whose kernels are compiled. */
export interface Compiled {
  readonly program: Program;
  readonly context: DeviceContext;
  /** By kernel. */
  readonly pipelines: readonly GPUComputePipeline[];
}

/** All of them in one pass, in order. */
export function encodeDispatches(
  encoder: GPUCommandEncoder,
  compiled: Compiled,
  memory: DeviceMemory,
): void {
  const pass = encoder.beginComputePass({ label: compiled.program.name });
  let last: number | undefined;
  memory.plan.layout.dispatches.forEach(({ kernel }, position) => {
    if (kernel !== last) pass.setPipeline(pipelineOf(compiled, kernel));
    encodeInto(pass, memory, position);
    last = kernel;
  });
  pass.end();
}

/** One of them in a pass of its own. */
export function encodeAlone(
  encoder: GPUCommandEncoder,
  compiled: Compiled,
  memory: DeviceMemory,
  position: number,
  timestampWrites?: GPUComputePassTimestampWrites,
): void {
  const { kernel } = known(memory.plan.layout.dispatches[position], `dispatch ${position}`);
  const pass = encoder.beginComputePass(timestampWrites === undefined ? {} : { timestampWrites });
  pass.setPipeline(pipelineOf(compiled, kernel));
  encodeInto(pass, memory, position);
  pass.end();
}

/** Which dispatch it is that the device refuses, in words; each is recorded alone and dropped. */
export async function firstRefused(
  compiled: Compiled,
  memory: DeviceMemory,
): Promise<string | undefined> {
  const { device } = compiled.context;
  for (const [position, dispatch] of memory.plan.layout.dispatches.entries()) {
    const { error } = catchErrors(device, () => {
      const encoder = device.createCommandEncoder();
      encodeAlone(encoder, compiled, memory, position);
      encoder.finish();
    });
    if ((await error) !== undefined) return dispatchPlace(compiled.program, dispatch);
  }
  return undefined;
}

function encodeInto(
  pass: GPUComputePassEncoder,
  { group, plan }: DeviceMemory,
  position: number,
): void {
  const { groups } = known(plan.layout.dispatches[position], `dispatch ${position}`);
  pass.setBindGroup(0, group, plan.offsets, 2 * position, 2);
  pass.dispatchWorkgroups(...groups);
}

function pipelineOf({ pipelines }: Compiled, kernel: number): GPUComputePipeline {
  return known(pipelines[kernel], `kernel ${kernel}`);
}
