/**
 * Past the end of a sequence a value is of no meaning, and may be one at which a logarithm or a
 * quotient has no derivative: none of it reaches a result or a gradient.
 */
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { floats, ints, type Arrays } from '../../../compiler/verify/arrays.ts';
import { joinSteps, takeSteps } from '../../../compiler/verify/batches.ts';
import { runGradients } from '../../support/model-runs.ts';
import { expectSameResults } from '../../support/models.ts';
import { drawn } from '../../support/op-runs.ts';

const layers = `
layer power() { emit x ^ 0.5 }
layer raised() { emit pow(x, 0.5) }
layer unit() { emit x / sqrt(sum(x * x)) }
layer inverse() { emit 1 / x }
`;

/** One sequence of two steps: all positive, so that logarithms and roots of it exist. */
const arrays: Readonly<Record<string, NdArray>> = {
  'dense.W': drawn('float', [2, 2], 4, [0.5, 1]),
  'dense.b': drawn('float', [2], 5, [0, 0]),
  lengths: ints([1], [2]),
  'lengths/Ty': ints([1], [1]),
};
const x = drawn('float', [1, 2, 2], 3, [0.5, 2]);

/** The gradients of the two steps alone equal those with two steps of zeros after them. */
function expectSameWhenPadded(text: string, timed: Readonly<Record<string, NdArray>>): void {
  const run = (more: Readonly<Record<string, NdArray>>, time: number): Arrays =>
    runGradients(text, { sizes: { B: 1, T: time, Ty: 1 }, arrays: { ...arrays, ...more } });
  const longer = Object.entries(timed).map(([name, a]) => [name, joinSteps(a, zerosLike(a))]);
  const padded = run(Object.fromEntries(longer) as Record<string, NdArray>, 4);
  const trimmed = [...padded].map(([name, array]): [string, NdArray] => {
    return [name, array.shape[1] === 4 ? takeSteps(array, 0, 2) : array];
  });
  const alone = run(timed, 2);
  for (const [name, { data }] of alone) expect(data.every(Number.isFinite), name).toBe(true);
  expectSameResults(new Map(trimmed), alone, 1e-12);
}

function zerosLike(array: NdArray): NdArray {
  return { ...array, data: array.data.slice().fill(0) };
}

it('seeds in the padding count for nothing', () => {
  const text = 'model m { input x: float[T, 2] output y = x -> dense(2) }';
  const seeded = (dy: NdArray): Arrays => {
    const given = { ...arrays, x, dy, lengths: ints([1], [1]) };
    return runGradients(text, { sizes: { B: 1, T: 2 }, arrays: given });
  };
  const first = floats([1, 2, 2], [2, 3, 0, 0]);
  const both = floats([1, 2, 2], [2, 3, NaN, Infinity]);
  expectSameResults(seeded(both), seeded(first), 1e-12);
});

describe('zeros in the padding', () => {
  it.each([
    'dense(2) -> log',
    'dense(2) -> sqrt',
    'dense(2) -> power',
    'dense(2) -> raised',
    'dense(2) -> unit',
    'dense(2) -> inverse -> dense(2)',
  ])('do not disturb %s', (pipeline) => {
    const text = `${layers} model m { input x: float[T, 2] output y = x -> ${pipeline} }`;
    expectSameWhenPadded(text, { x, dy: drawn('float', [1, 2, 2], 6) });
  });

  // An input is zero past its end, and so is a probability that it is multiplied with.
  const ones = floats([1, 2], [1, 1]);
  it.each([
    ['crossEntropy', 'softmax', 'class(2)[T]', { target: ints([1, 2], [1, 0]) }],
    [
      'binaryCrossEntropy',
      'sigmoid',
      'float[T, 2]',
      { target: drawn('float', [1, 2, 2], 7, [0, 1]) },
    ],
    ['ctc', 'softmax', 'class(2)[Ty]', {}],
  ])('do not disturb %s of probabilities', (loss, layer, type, target) => {
    const text = `model m {
      input x: float[T, 2]
      input z: float[T]
      input target: ${type}
      p = x -> dense(2) -> ${layer}
      output y = p * z
      loss ${loss}(y, target)
    }`;
    expectSameWhenPadded(text, { x, z: ones, ...target });
  });
});
