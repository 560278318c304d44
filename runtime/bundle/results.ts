/** From the arrays of a batch to what each example is answered. */
import { known } from '../session/known.ts';
import type { DescribedOutput, Description } from './description.ts';
import type { NamedNumbers, Numbers } from './engine.ts';
import { elementsOf, type Batch } from './examples.ts';

/** Of one example: [T, …], its own time steps; or [...]. */
export interface Output {
  readonly data: Numbers;
  readonly shape: readonly number[];
  /** The likeliest class of each time step, or the one there is, where classes have names. */
  readonly labels?: readonly string[];
  /** The tokens that the time steps are of. */
  readonly tokens?: readonly string[];
}

/** What is said of an output beside its numbers. */
export type Tell = (output: DescribedOutput, data: Numbers, batch: Batch, row: number) => object;

/** Of one row; `isStep` leaves the one time step out of the shapes. */
export function outputsOf(
  { outputs }: Pick<Description, 'outputs'>,
  tell: Tell | undefined,
  batch: Batch,
  results: NamedNumbers,
  { row, isStep }: { readonly row: number; readonly isStep?: boolean },
): Record<string, Output> {
  return Object.fromEntries(
    outputs.map((output) => {
      const { name, time, sizes, lengths = '' } = output;
      const steps = time?.(...batch.sizes);
      const own = steps === undefined ? [] : [batch.lengths.get(lengths)?.[row] ?? steps];
      const count = elementsOf([...own, ...sizes]);
      const data = rowOf(results, name, row, elementsOf([steps ?? 1, ...sizes]), count);
      const shape = [...(isStep === true ? [] : own), ...sizes];
      return [name, { data, shape, ...tell?.(output, data, batch, row) }];
    }),
  );
}

/** A copy of numbers of one example, of so many that each of them has. */
export function rowOf(
  results: NamedNumbers,
  name: string,
  row: number,
  each: number,
  count = each,
): Numbers {
  return known(results.get(name), name).slice(row * each, row * each + count);
}
