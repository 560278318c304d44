/**
 * Directional derivatives of a graph's scalar result by central differences in f64, with a
 * judgement whether the function is smooth there: next to a kink of relu or max no difference tells
 * anything.
 */
import type { Graph } from '../graph/types.ts';
import { interpret } from '../interpret/interpret.ts';
import type { Arrays } from './arrays.ts';

/** One array for each parameter that moves, of its shape. */
export type Direction = Arrays;

export interface Derivative {
  readonly value: number;
  /** False where the differences to either side disagree. */
  readonly smooth: boolean;
  /** What the rounding of the loss alone may add to the value. */
  readonly rounding: number;
}

/** Where the function is asked for, in steps from the point. */
export const offsets: readonly number[] = [-2, -1, 0, 1, 2];

/** Fourth order: with step h the error is about h^4 times the fifth derivative. */
export function directionalDerivative(
  graph: Graph,
  inputs: Arrays,
  direction: Direction,
  step: number,
): Derivative {
  const losses = offsets.map((offset) => {
    const moved = movedBy(inputs, direction, offset * step);
    return interpret(graph, moved, { precision: 'f64' }).get('loss')?.data[0] ?? NaN;
  });
  return derivativeFrom(losses, step);
}

/** From the values at `offsets`. */
export function derivativeFrom(values: readonly number[], step: number): Derivative {
  const [farLeft = NaN, left = NaN, here = NaN, right = NaN, farRight = NaN] = values;
  const value = (8 * (right - left) - (farRight - farLeft)) / (12 * step);
  // Second-order differences to one side: on smooth ground they differ by O(step^2).
  const after = (4 * right - 3 * here - farRight) / (2 * step);
  const before = (3 * here - 4 * left + farLeft) / (2 * step);
  return {
    value,
    smooth: Math.abs(after - before) <= 100 * step ** 2 * (1 + Math.abs(value)),
    rounding: (32 * Number.EPSILON * Math.max(1, Math.abs(here))) / step,
  };
}

/** The inputs, so far along the direction. */
export function movedBy(inputs: Arrays, direction: Direction, offset: number): Arrays {
  const moved = new Map(inputs);
  for (const [name, along] of direction) {
    const from = inputs.get(name);
    if (from === undefined) throw new Error(`no input ${name}`);
    const data = Float64Array.from(from.data, (x, i) => x + offset * (along.data[i] ?? NaN));
    moved.set(name, { ...from, data });
  }
  return moved;
}

/** What reverse mode says of the same derivative: sum of d/NAME * direction. */
export function alongDirection(gradients: Arrays, direction: Direction): number {
  let sum = 0;
  for (const [name, along] of direction) {
    const gradient = gradients.get(`d/${name}`);
    if (gradient === undefined) throw new Error(`no gradient of ${name}`);
    along.data.forEach((v, i) => (sum += v * (gradient.data[i] ?? NaN)));
  }
  return sum;
}

/** A random direction of length one over the named inputs. */
export function randomDirection(
  draw: () => number,
  inputs: Arrays,
  names: readonly string[],
): Direction {
  const raw = names.map((name) => {
    const { shape, data } = inputs.get(name) ?? { shape: [], data: new Float64Array() };
    return [name, shape, Float64Array.from(data, () => 2 * draw() - 1)] as const;
  });
  const squares = raw.reduce((sum, [, , d]) => d.reduce((s, v) => s + v * v, sum), 0);
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return new Map(
    raw.map(([name, shape, d]) => [name, { dtype: 'float', shape, data: d.map((v) => v * scale) }]),
  );
}

/** One element of one input. */
export function coordinate(inputs: Arrays, name: string, index: number): Direction {
  const { shape, data } = inputs.get(name) ?? { shape: [], data: new Float64Array() };
  const one = new Float64Array(data.length);
  if (data.length > 0) one[index % data.length] = 1;
  return new Map([[name, { dtype: 'float', shape, data: one }]]);
}
