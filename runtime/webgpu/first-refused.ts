/** Which dispatch of a run it is that the device refuses. */
import type { Program } from '../artifact/program.ts';
import type { DeviceContext } from './context.ts';
import { encodeDispatches, type Pipelines } from './encode.ts';
import { catchErrors } from './error-scopes.ts';
import { dispatchPlace } from './places.ts';
import type { ProgramMemory } from './program-memory.ts';

/** What a dispatch needs of a program whose kernels are compiled. */
export interface Compiled {
  readonly program: Program;
  readonly context: DeviceContext;
  readonly pipelines: Pipelines;
}

/** In words; each is recorded alone and dropped. */
export async function firstRefused(
  { program, context, pipelines }: Compiled,
  { plan, on }: ProgramMemory,
): Promise<string | undefined> {
  const { device } = context;
  for (const [from, dispatch] of plan.layout.dispatches.entries()) {
    const { error } = catchErrors(device, () => {
      const encoder = device.createCommandEncoder();
      encodeDispatches(encoder, pipelines, on, { from, to: from + 1 });
      encoder.finish();
    });
    if ((await error) !== undefined) return dispatchPlace(program, dispatch);
  }
  return undefined;
}
