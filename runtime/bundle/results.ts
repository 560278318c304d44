/** From the arrays of a batch to what each example is answered. */
import { evaluateDim } from '../artifact/size.ts';
import type { BundleDescription, BundleOutput } from '../artifact/bundle.ts';
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

export function outputsOf(
  { outputs }: BundleDescription,
  batch: Batch,
  results: NamedNumbers,
  row: number,
): Record<string, Output> {
  return Object.fromEntries(
    outputs.map((output) => [output.name, outputOf(output, batch, results, row)]),
  );
}

function outputOf(output: BundleOutput, batch: Batch, results: NamedNumbers, row: number): Output {
  const { name, time, sizes, lengths, labels, tokens } = output;
  const perStep = elementsOf(sizes);
  const steps = time === undefined ? 1 : evaluateDim(time, batch.bound);
  const own = lengths === undefined ? steps : (batch.lengths.get(lengths)?.[row] ?? steps);
  const start = row * steps * perStep;
  const data = rowOf(results, name).slice(start, start + own * perStep);
  const [last = 1] = sizes.slice(-1);
  return {
    data,
    shape: [...(time === undefined ? [] : [own]), ...sizes],
    ...(labels === undefined ? {} : { labels: likeliest(data, last, labels) }),
    ...(tokens === undefined ? {} : { tokens: batch.tokens.get(tokens)?.[row] ?? [] }),
  };
}

/** Final states of one example, by name. */
export function statesOf(
  { states }: BundleDescription,
  results: NamedNumbers,
  row: number,
): Record<string, Numbers> {
  return Object.fromEntries(
    states.map(({ name, final, sizes }) => {
      const count = elementsOf(sizes);
      return [name, rowOf(results, final).slice(row * count, (row + 1) * count)];
    }),
  );
}

function rowOf(results: NamedNumbers, name: string): Numbers {
  const array = results.get(name);
  if (array === undefined) throw new Error(`the program gives no ${name}`);
  return array;
}

/** Of equals the first. */
function likeliest(data: Numbers, classes: number, labels: readonly string[]): string[] {
  return Array.from({ length: data.length / classes }, (_, step) => {
    const first = step * classes;
    let best = first;
    for (let i = first; i < first + classes; i++) {
      if ((data[i] ?? NaN) > (data[best] ?? NaN)) best = i;
    }
    return labels[best - first] ?? String(best - first);
  });
}
