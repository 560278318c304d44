/**
 * Inputs for the self-test of a bundle: a few sequences, one of them of one step, drawn from a
 * fixed seed. Floats are uniform in [-1, 1], states too.
 */
import type { BundleDescription } from '../../runtime/artifact/bundle.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { threefry2x32 } from '../../runtime/artifact/threefry.ts';
import { evaluateShape, symbolsOf, type Bindings } from '../graph/dim.ts';
import type { Graph } from '../graph/types.ts';

const rowLengths = [7, 1, 4];

export interface GoldenInputs {
  readonly bindings: Bindings;
  /** Every parameter of the graph that is no weight. */
  readonly arrays: ReadonlyMap<string, NdArray>;
}

export function goldenInputs(
  graph: Graph,
  { inputs, lengths }: Pick<BundleDescription, 'inputs' | 'lengths'>,
): GoldenInputs {
  const used = graph.parameters.filter(({ role }) => role !== 'weight');
  const symbols = symbolsOf(used.flatMap(({ value }) => value.type.shape));
  const bindings = new Map([...symbols].map((symbol) => [symbol, Math.max(...rowLengths)]));
  bindings.set('B', rowLengths.length);
  const sequences = new Set(lengths.map(({ name }) => name));
  const arrays = used.map(({ name, value }, site): [string, NdArray] => {
    const { dtype } = value.type;
    const shape = evaluateShape(value.type.shape, bindings);
    const count = shape.reduce((product, size) => product * size, 1);
    if (sequences.has(name)) return [name, { dtype, shape, data: Int32Array.from(rowLengths) }];
    const draw = (i: number): number => uniform(site, i);
    if (dtype !== 'float') {
      const below = inputs.find((input) => input.name === name)?.ids ?? 1;
      const data = Int32Array.from({ length: count }, (_, i) => Math.floor(draw(i) * below));
      return [name, { dtype, shape, data }];
    }
    const data = Float32Array.from({ length: count }, (_, i) => 2 * draw(i) - 1);
    return [name, { dtype, shape, data }];
  });
  return { bindings, arrays: new Map(arrays) };
}

/** In [0, 1). */
function uniform(site: number, index: number): number {
  const [word] = threefry2x32(goldenSeed, site, goldenSeed, index);
  return (word >>> 0) / 2 ** 32;
}

const goldenSeed = 0x474f4c44;
