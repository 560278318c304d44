/**
 * Derivatives of a graph's scalar result by central differences in f64, to judge reverse mode by.
 */
import { interpret } from '../../compiler/interpret/interpret.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export function run(graph: Graph, inputs: Arrays): Map<string, NdArray> {
  return interpret(graph, inputs, { precision: 'f64' });
}

/**
 * dLoss/dNAME, element by element; fourth order, so that a step of 1e-3 is exact to about 1e-11.
 */
export function differences(graph: Graph, inputs: Arrays, loss: string, name: string): NdArray {
  const at = inputs.get(name);
  if (at === undefined) throw new Error(`no input ${name}`);
  const data = new Float64Array(at.data.length);
  for (let i = 0; i < data.length; i++) {
    const lossAt = (offset: number): number => {
      const moved = Float64Array.from(at.data);
      moved[i] = (moved[i] ?? 0) + offset;
      const result = run(graph, new Map([...inputs, [name, { ...at, data: moved }]])).get(loss);
      return result?.data[0] ?? NaN;
    };
    const step = 1e-3;
    const near = (lossAt(step) - lossAt(-step)) / (2 * step);
    const far = (lossAt(2 * step) - lossAt(-2 * step)) / (4 * step);
    data[i] = (4 * near - far) / 3;
  }
  return { dtype: 'float', shape: at.shape, data };
}

/**
 * Largest error of `d/NAME` over all names, relative to the larger of 1 and the gradient's size.
 */
export function gradientError(
  forward: Graph,
  backward: Graph,
  inputs: Arrays,
  names: readonly string[],
): number {
  const found = run(backward, inputs);
  let worst = 0;
  for (const name of names) {
    const expected = differences(forward, inputs, 'loss', name);
    const actual = found.get(`d/${name}`);
    if (actual?.shape.join() !== expected.shape.join()) return Infinity;
    let size = 1;
    for (const e of expected.data) size = Math.max(size, Math.abs(e));
    expected.data.forEach((e, i) => {
      const error = Math.abs(e - (actual.data[i] ?? NaN)) / size;
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    });
  }
  return worst;
}
