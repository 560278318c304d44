/**
 * A run in slow motion: after each dispatch, the numbers that it wrote are read and looked at. The
 * first NaN or infinity is a fault that names the kernel, where it came from and the time step.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { ConcreteDispatch } from '../session/layout.ts';
import { encodeDispatches } from './encode.ts';
import type { Compiled } from './first-refused.ts';
import { known } from '../session/known.ts';
import { dispatchPlace } from './places.ts';
import type { ProgramMemory } from './program-memory.ts';
import type { Form, RunRequest } from './request.ts';

/** A program on a device, as far as it is needed here. */
interface Steps extends Compiled {
  submit(
    memory: ProgramMemory,
    request: RunRequest,
    dispatches: boolean,
  ): Promise<Map<string, NdArray>>;
}

/** As `run` of a program on a device, with R7701 besides its faults. */
export async function runChecked(
  on: Steps,
  memory: ProgramMemory,
  { before, after, wanted }: RunRequest,
): Promise<Map<string, NdArray>> {
  const { program } = on;
  await on.submit(memory, { ...(before === undefined ? {} : { before }), wanted: [] }, false);
  for (const [position, dispatch] of memory.plan.layout.dispatches.entries()) {
    const forms = writtenFloats(program, memory, dispatch);
    const step = (encoder: GPUCommandEncoder): void => {
      encodeDispatches(encoder, on.pipelines, memory.on, { from: position, to: position + 1 });
    };
    const written = await on.submit(memory, { before: step, wanted: forms }, false);
    for (const [tensor, { data }] of written) {
      const at = data.findIndex((x) => !Number.isFinite(x));
      if (at >= 0) throw foundFault(program, dispatch, { tensor, at, value: data[at] ?? NaN });
    }
  }
  return on.submit(memory, { ...(after === undefined ? {} : { after }), wanted }, false);
}

/** What the dispatch writes, flat, by the tensor's name. */
function writtenFloats(
  program: Program,
  memory: ProgramMemory,
  { kernel, tensors }: ConcreteDispatch,
): readonly Form[] {
  const { buffers } = known(program.kernels[kernel], `kernel ${kernel}`);
  return tensors.flatMap((tensor, i): Form[] => {
    const { name, element } = known(program.tensors[tensor], `tensor ${tensor}`);
    if (element !== 'f32' || buffers[i]?.access === 'read') return [];
    const { length } = memory.place(tensor);
    return [{ name, dtype: 'float', shape: [{ constant: length, terms: [] }], tensor }];
  });
}

function foundFault(
  program: Program,
  dispatch: ConcreteDispatch,
  { tensor, at, value }: { tensor: string; at: number; value: number },
): RuntimeFault {
  const number = Number.isNaN(value) ? 'NaN' : 'infinity';
  const place = dispatchPlace(program, dispatch);
  return new RuntimeFault(
    'R7701',
    `${place} wrote ${number} to ${tensor}[${at}] at time step ${dispatch.step}`,
    'look at what goes in there: a rate too high, a logarithm of 0, a division by 0',
  );
}
