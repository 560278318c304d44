/** A program as its host needs it where the kernels are text of their own: without their bodies. */
import type { Dispatch, Program, ProgramStep } from '../../runtime/artifact/program.ts';

export function bareProgram(program: Program): Program {
  const bare = (step: Dispatch): Dispatch => {
    const { kind, kernel, tensors, sizes, groups } = step;
    const at = step.step === undefined ? {} : { step: step.step };
    return { kind, kernel, tensors, sizes, groups, ...at };
  };
  const all = (steps: readonly ProgramStep[]): ProgramStep[] =>
    steps.map((one) => {
      return one.kind === 'dispatch' ? bare(one) : { ...one, body: one.body.map(bare) };
    });
  return {
    ...program,
    functions: [],
    kernels: program.kernels.map((kernel) => ({ ...kernel, body: [] })),
    tensors: program.tensors.map((tensor) => ({ ...tensor, name: '' })),
    prepare: all(program.prepare),
    steps: all(program.steps),
  };
}
