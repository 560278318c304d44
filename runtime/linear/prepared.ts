/** What a program prepares from its weights. */
import type { Dispatch, Program } from '../artifact/program.ts';
import { known } from '../session/known.ts';

/** The tensors that `prepare` writes, by position. */
export function preparedTensors({ prepare, kernels }: Program): readonly number[] {
  const dispatches = prepare.flatMap((step): readonly Dispatch[] =>
    step.kind === 'repeat' ? step.body : [step],
  );
  const written = dispatches.flatMap(({ kernel, tensors }) => {
    const { buffers } = known(kernels[kernel], `kernel ${kernel}`);
    return tensors.filter((_, i) => buffers[i]?.access !== 'read');
  });
  return [...new Set(written)];
}
