/** How a kernel and a dispatch are named to a person, with where in the spec they are from. */
import { allSteps, type Dispatch, type Program } from '../artifact/program.ts';
import type { ConcreteDispatch } from '../session/layout.ts';

/** `the kernel lstm.l0.step (std/lstm.gate:7:13 lstm.l0)`. */
export function kernelPlace(program: Program, kernel: number): string {
  const dispatches = allSteps(program).flatMap((step): readonly Dispatch[] =>
    step.kind === 'repeat' ? step.body : [step],
  );
  const origin = dispatches.find((dispatch) => dispatch.kernel === kernel)?.origin;
  return named(program, kernel, origin);
}

export function dispatchPlace(program: Program, dispatch: ConcreteDispatch): string {
  return named(program, dispatch.kernel, dispatch.origin);
}

function named(program: Program, kernel: number, origin: string | undefined): string {
  const name = program.kernels[kernel]?.name ?? String(kernel);
  return `the kernel ${name}${origin === undefined ? '' : ` (${origin})`}`;
}
