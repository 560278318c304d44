/**
 * Batches taken apart and changed where it must not matter: rows chosen or reordered, time cut in
 * two, padding refilled. Which axis of an array is batch and which is time follows from its type.
 */
import type { Model } from '../graph/model.ts';
import type { Graph, TensorType } from '../graph/types.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { countOf, type Arrays } from './arrays.ts';

/** Types of the parameters and results of a graph, by name. */
export function typesOf(graph: Graph): ReadonlyMap<string, TensorType> {
  return new Map([...graph.parameters, ...graph.results].map((p) => [p.name, p.value.type]));
}

export function hasBatch(type: TensorType | undefined): boolean {
  return isSymbol(type, 0, 'B');
}

/** The parameter that holds the lengths of a sequence; undefined for what is none. */
export function lengthsOf(model: Model, type: TensorType | undefined): string | undefined {
  const sequences = [...model.inputs, ...model.outputs];
  return sequences.find(({ time }) => time !== undefined && isSymbol(type, 1, time))?.lengths;
}

function isSymbol(type: TensorType | undefined, axis: number, name: string): boolean {
  const dim = type?.shape[axis];
  const [term] = dim?.terms ?? [];
  return dim?.constant === 0 && dim.terms.length === 1 && term?.symbol === name;
}

/** Rows of every array that has a batch axis. */
export function takeRows(graph: Graph, arrays: Arrays, rows: readonly number[]): Arrays {
  const types = typesOf(graph);
  return mapped(arrays, (array, name) => {
    if (!hasBatch(types.get(name))) return array;
    const size = countOf(array.shape.slice(1));
    return rebuilt(array, [rows.length, ...array.shape.slice(1)], (i) => {
      const row = rows[Math.floor(i / size)] ?? 0;
      return row * size + (i % size);
    });
  });
}

/** Time steps `from` up to `to` of an array [B, T, …]. */
export function takeSteps(array: NdArray, from: number, to: number): NdArray {
  const [rows = 0, time = 0, ...rest] = array.shape;
  const size = countOf(rest);
  const steps = to - from;
  return rebuilt(array, [rows, steps, ...rest], (i) => {
    const row = Math.floor(i / (steps * size));
    return row * time * size + from * size + (i % (steps * size));
  });
}

/** Two arrays [B, T, …], one after the other. */
export function joinSteps(first: NdArray, second: NdArray): NdArray {
  const [rows = 0, before = 0, ...rest] = first.shape;
  const after = second.shape[1] ?? 0;
  const both = emptyLike(first, [rows, before + after, ...rest]);
  const size = countOf(rest);
  for (let row = 0; row < rows; row++) {
    const part = (a: NdArray, n: number): NdArray['data'] =>
      a.data.slice(row * n * size, (row + 1) * n * size);
    both.data.set(part(first, before), row * (before + after) * size);
    both.data.set(part(second, after), (row * (before + after) + before) * size);
  }
  return both;
}

/** Every sequence `extra` steps longer, with `garbage` in all that is past its length. */
export function repadded(
  model: Model,
  graph: Graph,
  arrays: Arrays,
  extra: number,
  garbage: (dtype: NdArray['dtype']) => number,
): Arrays {
  const types = typesOf(graph);
  return mapped(arrays, (array, name) => {
    const lengths = arrays.get(lengthsOf(model, types.get(name)) ?? '');
    if (lengths === undefined) return array;
    const [rows = 0, time = 0, ...rest] = array.shape;
    const size = countOf(rest);
    const longer = emptyLike(array, [rows, time + extra, ...rest]);
    for (let i = 0; i < longer.data.length; i++) {
      const step = Math.floor(i / size) % (time + extra);
      const row = Math.floor(i / (size * (time + extra)));
      const inside = step < (lengths.data[row] ?? 0);
      longer.data[i] = inside
        ? (array.data[(row * time + step) * size + (i % size)] ?? NaN)
        : garbage(array.dtype);
    }
    return longer;
  });
}

/** The largest magnitude past the sequences' ends of an array [B, T, …]. */
export function largestPast(array: NdArray, lengths: NdArray): number {
  const [, time = 0, ...rest] = array.shape;
  const size = countOf(rest);
  let largest = 0;
  array.data.forEach((value, i) => {
    const step = Math.floor(i / size) % time;
    const row = Math.floor(i / (size * time));
    if (step < (lengths.data[row] ?? 0)) return;
    largest = Number.isNaN(value) ? Infinity : Math.max(largest, Math.abs(value));
  });
  return largest;
}

export function mapped(
  arrays: Arrays,
  change: (array: NdArray, name: string) => NdArray,
): Map<string, NdArray> {
  return new Map([...arrays].map(([name, array]) => [name, change(array, name)]));
}

function rebuilt(array: NdArray, shape: number[], source: (index: number) => number): NdArray {
  const next = emptyLike(array, shape);
  for (let i = 0; i < next.data.length; i++) next.data[i] = array.data[source(i)] ?? NaN;
  return next;
}

function emptyLike({ dtype, data }: NdArray, shape: readonly number[]): NdArray {
  const count = countOf(shape);
  if (data instanceof Int32Array) return { dtype, shape, data: new Int32Array(count) };
  if (data instanceof Uint8Array) return { dtype, shape, data: new Uint8Array(count) };
  return { dtype, shape, data: new Float64Array(count) };
}
