/** Batches of unequal lengths, and what `gatework run` gives for them. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { computeRun } from '../../compiler/cli/compute.ts';
import type { BundleModel } from '../../compiler/cli/bundle/open-model.ts';
import { drawer, drawFloats, ints } from '../../compiler/verify/arrays.ts';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { fromNdArrays } from '../../runtime/tensors/convert.ts';
import { loaded, type Files } from './bundles.ts';

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

/**
 * The law that what a bundle has run before changes nothing: batches of any sizes, one after
 * another, have the bits of a bundle that was loaded for each. Its input is x: float[T, 3].
 */
export async function agreesWithFresh(
  files: Files,
  backend: Backend,
  numRuns: number,
): Promise<void> {
  const bundle = await loaded(files, backend);
  const sizes = fc.array(fc.array(fc.nat(40), { maxLength: 4 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, async (batches) => {
      const draw = drawer(3);
      for (const rows of batches) {
        const examples = rows.map((steps) => ({
          x: Float32Array.from(drawFloats(draw, [steps, 3]).data),
        }));
        const fresh = await loaded(files, backend);
        expect(await bundle.run(examples)).toEqual(await fresh.run(examples));
      }
    }),
    { numRuns, seed: 6 },
  );
}
