/** Batches of unequal lengths, and what `gatework run` gives for them. */
import { computeRun } from '../../compiler/cli/compute.ts';
import type { BundleModel } from '../../compiler/cli/bundle/open-model.ts';
import { drawer, drawFloats, ints } from '../../compiler/verify/arrays.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { fromNdArrays } from '../../runtime/tensors/convert.ts';

export const lengths = [5, 0, 1, 3];

/** Sequences of floats, and the examples that they are the padded batch of. */
export function sequences(
  width: number,
  steps: readonly number[] = lengths,
): { batch: NdArray; examples: { x: Float32Array }[] } {
  const time = Math.max(...steps);
  const batch = drawFloats(drawer(7), [steps.length, time, width]);
  const examples = steps.map((length, row) => {
    const start = row * time * width;
    return { x: Float32Array.from(batch.data.subarray(start, start + length * width)) };
  });
  return { batch, examples };
}

/** Rows of what `gatework run` gives, cut to their lengths. */
export async function own(
  { model, weights }: BundleModel,
  batch: NdArray,
  form: 'simd' | 'scalar',
  steps: readonly number[] = lengths,
): Promise<Float32Array[]> {
  const input = fromNdArrays(
    new Map([
      ['x', batch],
      ['lengths', ints([steps.length], steps)],
    ]),
  );
  const results = await computeRun(model, {
    engine: { backend: 'wasm', dtype: 'f32', form },
    input,
    weights: fromNdArrays(weights),
  });
  const { data, shape } = results.get('y') ?? { data: new Float32Array(), shape: [] };
  const [, time = 0, width = 0] = shape;
  return steps.map((length, row) => {
    const start = row * time * width;
    return Float32Array.from(data.subarray(start, start + length * width));
  });
}
