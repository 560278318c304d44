/**
 * Weights and inputs of a workload, drawn from fixed seeds, under Gatework's names: a gate's weight
 * [width, width + inputs] has the columns of the hidden state before those of the input.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { gatesOf, peepholes, type Layer, type Sizes, type Workload } from './workloads.ts';

/** Inputs that calls of a stream take in turn, so that no two calls after one another are equal. */
export const streamInputs = 16;

/** All that a contestant is given: weights, and `x` or `text` and `next`. */
export function drawArrays(workload: Workload, sizes: Sizes): Map<string, NdArray> {
  return new Map([...drawWeights(workload), ...drawInputs(workload, sizes)]);
}

function drawWeights({ cell, layers, classes }: Workload): Map<string, NdArray> {
  const weights = new Map<string, NdArray>();
  let seed = 100;
  const add = (name: string, shape: readonly number[], width: number): void => {
    weights.set(name, floats(shape, drawer(seed++), 1 / Math.sqrt(width)));
  };
  for (const { path, inputs, width } of layers) {
    for (const gate of gatesOf[cell]) {
      add(`${path}.W${gate}`, [width, width + inputs], width);
      add(`${path}.b${gate}`, [width], width);
    }
    if (cell !== 'peephole') continue;
    for (const gate of peepholes) add(`${path}.p${gate}`, [width], width);
  }
  if (classes !== undefined) {
    const width = outputWidth(layers);
    add('softmax.W', [classes, width], width);
    add('softmax.b', [classes], width);
  }
  return weights;
}

/** Numbers a time step that the last layer gives, both directions together. */
export function outputWidth(layers: readonly Layer[]): number {
  const top = layers.at(-1)?.level;
  return layers.filter(({ level }) => level === top).reduce((sum, { width }) => sum + width, 0);
}

function drawInputs(
  { mode, inputs }: Workload,
  { batch, time }: Sizes,
): readonly [string, NdArray][] {
  switch (mode) {
    case 'stream':
      return [['x', floats([streamInputs, batch, inputs], drawer(1), 1)]];
    case 'run':
      return [['x', floats([batch, time, inputs], drawer(1), 1)]];
    case 'train':
      return [
        ['text', ids([batch, time], drawer(1), inputs)],
        ['next', ids([batch, time], drawer(2), inputs)],
      ];
  }
  mode satisfies never;
}

function floats(shape: readonly number[], draw: () => number, bound: number): NdArray {
  const data = Float32Array.from({ length: sizeOf(shape) }, () => (2 * draw() - 1) * bound);
  return { dtype: 'float', shape, data };
}

function ids(shape: readonly number[], draw: () => number, below: number): NdArray {
  const data = Int32Array.from({ length: sizeOf(shape) }, () => Math.floor(draw() * below));
  return { dtype: 'int', shape, data };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** Uniform numbers in [0, 1) (mulberry32). */
function drawer(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
