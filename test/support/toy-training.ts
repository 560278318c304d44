/**
 * A training step small enough to write by hand: next-token scores that depend on a carried state,
 * momentum, noise drawn from the step's key, and a metric. Every part of a training state matters
 * to its numbers, so that a checkpoint that forgets one gives other bits.
 */
import type { Executable } from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { threefry2x32 } from '../../runtime/artifact/threefry.ts';
import type { TrainingProgram } from '../../runtime/artifact/training.ts';

export const toyProgram: TrainingProgram = {
  weights: [{ name: 'toy.W', shape: [4], layer: 'toy' }],
  optimizerStates: ['m'],
  states: [{ initial: 'toy.h0', final: 'toy.hn', shape: [2] }],
  metrics: [{ kind: 'nats', label: 'perplexity', sum: 'nats/sum', count: 'nats/count' }],
  random: true,
  precision: 'f64',
};

export const toyWeights = (): ReadonlyMap<string, NdArray> =>
  new Map([['toy.W', floats([4], [0.1, -0.2, 0.3, 0.4])]]);

export interface ToyOptions {
  /** Changes what comes out at a step (from 1); NaN and explosions are planted with it. */
  readonly spoil?: (step: number, results: Map<string, NdArray>) => void;
  /** Called before each step. */
  readonly onStep?: (step: number) => void;
}

export function toyExecutable(options: ToyOptions = {}): Executable {
  return {
    run: async (inputs) => {
      const step = number(inputs, 'step');
      options.onStep?.(step);
      const results = forward(inputs, number(inputs, 'random', 0), step);
      const gradient = need(inputs, 'toy.W').data.map((w, i) => 2 * (w - target(inputs, i)));
      const rate = 0.03 / Math.sqrt(step);
      const momentum = need(inputs, 'optimizer/toy.W/m').data.map(
        (m, i) => 0.9 * m + (gradient[i] ?? 0),
      );
      const next = need(inputs, 'toy.W').data.map((w, i) => w - rate * (momentum[i] ?? 0));
      const norm = Math.hypot(...gradient);
      results.set('next/toy.W', floats([4], next));
      results.set('next/optimizer/toy.W/m', floats([4], momentum));
      results.set('gradientNorm', floats([], [norm]));
      results.set('norm/toy.W', floats([], [norm]));
      results.set('rate', floats([], [rate]));
      options.spoil?.(step, results);
      return results;
    },
  };
}

/** The same loss without noise and without an update. */
export function toyValidation(): Executable {
  return {
    run: async (inputs) => {
      if (inputs.has('random') || inputs.has('step')) throw new Error('no input of validation');
      return forward(inputs, 0, 0);
    },
  };
}

function forward(
  inputs: ReadonlyMap<string, NdArray>,
  seed: number,
  step: number,
): Map<string, NdArray> {
  const ids = need(inputs, 'text').data;
  const count = need(inputs, 'lengths').data.reduce((n: number, length) => n + length, 0);
  const noise = step === 0 ? 0 : threefry2x32(seed, step, 0, 0)[0] / 2 ** 36;
  const state = need(inputs, 'toy.h0');
  const hidden = state.data.map((h, i) => 0.5 * h + Math.sin((ids[i % ids.length] ?? 0) + i));
  const weights = need(inputs, 'toy.W').data;
  let sum = 0;
  for (const [i, w] of weights.entries()) sum += (w - target(inputs, i)) ** 2;
  const nats = (sum + noise) * count;
  return new Map([
    ['loss', floats([], [nats / count])],
    ['nats/sum', floats([], [nats])],
    ['nats/count', floats([], [count])],
    ['toy.hn', floats(state.shape, hidden)],
  ]);
}

/** Depends on the batch and on the state that came in. */
function target(inputs: ReadonlyMap<string, NdArray>, i: number): number {
  const ids = need(inputs, 'text').data;
  const state = need(inputs, 'toy.h0').data;
  return (
    0.5 + 0.2 * Math.cos((ids[i % ids.length] ?? 0) + i) + 0.1 * (state[i % state.length] ?? 0)
  );
}

function need(
  inputs: ReadonlyMap<string, NdArray>,
  name: string,
): { shape: readonly number[]; data: Float64Array } {
  const array = inputs.get(name);
  if (array === undefined) throw new Error(`no input ${name}`);
  return { shape: array.shape, data: Float64Array.from(array.data) };
}

function number(inputs: ReadonlyMap<string, NdArray>, name: string, at = 0): number {
  return need(inputs, name).data[at] ?? NaN;
}

function floats(shape: readonly number[], values: ArrayLike<number>): NdArray {
  return { dtype: 'float', shape, data: Float64Array.from(values) };
}
