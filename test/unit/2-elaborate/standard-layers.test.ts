/** The standard layers on one small batch: two rows of two features, of three and one steps. */
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { runModel } from '../../support/model-runs.ts';
import { required } from '../../support/op-runs.ts';

const x = floats([2, 3, 2], [1, 2, 3, -4, 5, 6, 7, 8, 9, 9, 9, 9]);
const lengths = ints([2], [3, 1]);
const sizes = { B: 2, T: 3, D: 2, V: 3 };

function y(pipeline: string, more: Readonly<Record<string, NdArray>> = {}): number[] {
  const given = { x, lengths, ...more };
  return [...required(runModel(pipeline, { sizes, arrays: given }).get('y')).data];
}

/** A sequence of the second row is followed by nothing. */
const none = [0, 0, 0, 0];

describe('a standard layer', () => {
  it.each([
    ['last', [5, 6, 7, 8]],
    ['pool(sum)', [9, 4, 7, 8]],
    ['pool(mean)', [3, 4 / 3, 7, 8]],
    ['pool', [3, 4 / 3, 7, 8]],
    ['pool(max)', [5, 6, 7, 8]],
    ['reverse', [5, 6, 3, -4, 1, 2, 7, 8, ...none]],
    ['shift(1)', [0, 0, 1, 2, 3, -4, 0, 0, ...none]],
    ['shift(2)', [0, 0, 0, 0, 1, 2, 0, 0, ...none]],
    ['shift(-1)', [3, -4, 5, 6, 0, 0, 0, 0, ...none]],
    ['identity', [1, 2, 3, -4, 5, 6, 7, 8, ...none]],
    ['relu', [1, 2, 3, 0, 5, 6, 7, 8, ...none]],
    ['residual(relu)', [2, 4, 6, -4, 10, 12, 14, 16, ...none]],
    ['concat(last, pool(sum))', [5, 6, 9, 4, 7, 8, 7, 8]],
    ['dropout(0.5)', [1, 2, 3, -4, 5, 6, 7, 8, ...none]],
  ])('%s', (pipeline, expected) => {
    const found = y(pipeline);
    expect(found).toHaveLength(expected.length);
    found.forEach((v, i) => expect(v).toBeCloseTo(required(expected[i]), 13));
  });

  it('bidirectional: forward, then reverse', () => {
    const one = (layer: string, weight: string): number[] =>
      y(layer, {
        [`${weight}.Wa`]: floats([1, 3], [0.5, 1, -1]),
        [`${weight}.ba`]: floats([1], [0]),
      });
    const forward = one('rnn(1)', 'rnn');
    const reverse = one('rnn(1, reverse = true)', 'rnn');
    const both = y('bidirectional(rnn(1))', {
      'rnn.forward.Wa': floats([1, 3], [0.5, 1, -1]),
      'rnn.reverse.Wa': floats([1, 3], [0.5, 1, -1]),
      'rnn.forward.ba': floats([1], [0]),
      'rnn.reverse.ba': floats([1], [0]),
    });
    expect(forward).not.toEqual(reverse);
    expect(both).toEqual(forward.flatMap((v, i) => [v, reverse[i]]));
  });

  it('reduces nothing to zero', () => {
    const empty = { lengths: ints([2], [0, 1]) };
    for (const layer of ['last', 'pool(sum)', 'pool(mean)', 'pool(max)']) {
      expect(y(layer, empty)).toEqual([0, 0, 7, 8]);
    }
  });

  // A bias stands in the padding as well, and lies above all that is there.
  it.each([
    ['last', [-15, -17]],
    ['pool(sum)', [-39, -17]],
    ['pool(mean)', [-13, -17]],
    ['pool(max)', [-11, -17]],
  ])('%s leaves out what a layer before makes of the padding', (pool, expected) => {
    const arrays = { 'dense.W': floats([1, 2], [-1, 0]), 'dense.b': floats([1], [-10]) };
    expect(y(`dense(1) -> ${pool}`, arrays)).toEqual(expected);
  });

  it('dense: g(W x + b)', () => {
    const arrays = { 'dense.W': floats([1, 2], [2, -1]), 'dense.b': floats([1], [0.5]) };
    expect(y('last -> dense(1)', arrays)).toEqual([4.5, 6.5]);
    expect(y('last -> dense(1, activation = tanh)', arrays)).toEqual([4.5, 6.5].map(Math.tanh));
  });

  it('softmax, without and with a projection', () => {
    const [first = 0, second = 0, ...others] = y('last -> softmax');
    expect(first / second).toBeCloseTo(Math.exp(-1), 13);
    expect(first + second).toBeCloseTo(1, 13);
    expect(others).toHaveLength(2);
    const projected = {
      'softmax.W': floats([3, 2], [1, 0, 0, 1, 0, 0]),
      'softmax.b': floats([3], [0, 0, 5]),
    };
    const [a = 0, b = 0, c = 0] = y('last -> softmax(3)', projected);
    expect(Math.log(b / a)).toBeCloseTo(1, 12);
    expect(Math.log(a / c)).toBeCloseTo(0, 12);
  });

  it('sigmoid, without and with a projection', () => {
    expect(y('last -> sigmoid')[0]).toBeCloseTo(1 / (1 + Math.exp(-5)), 13);
    const projected = { 'sigmoid.W': floats([1, 2], [1, -1]), 'sigmoid.b': floats([1], [1]) };
    expect(y('last -> sigmoid(1)', projected)[0]).toBeCloseTo(0.5, 13);
  });

  it('layerNorm: mean 0, variance 1, then gain and shift', () => {
    const arrays = { 'layerNorm.g': floats([2], [1, 2]), 'layerNorm.b': floats([2], [0, 3]) };
    const found = y('last -> layerNorm(epsilon = 0)', arrays);
    [-1, 5, -1, 5].forEach((v, i) => expect(found[i]).toBeCloseTo(v, 12));
    // Variance 1/4 and epsilon 3/4 make a deviation of 1.
    const damped = y('last -> layerNorm(epsilon = 0.75)', arrays);
    [-0.5, 4, -0.5, 4].forEach((v, i) => expect(damped[i]).toBeCloseTo(v, 12));
  });
});

describe('on ids', () => {
  const ids = { x: ints([2, 3], [0, 2, 1, 2, 0, 0]) };
  const table = { 'embed.E': floats([3, 2], [1, 2, 3, 4, 5, 6]) };

  it('embed looks up a row for each', () => {
    expect(y('embed(2)', { ...ids, ...table })).toEqual([1, 2, 5, 6, 3, 4, 5, 6, ...none]);
  });

  it('oneHot is 1 at its place', () => {
    const found = y('oneHot', ids);
    expect(found.slice(0, 9)).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect(found.slice(9)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0]);
  });

  const shifted = (stage: string): string =>
    `model m { input x: ids(V)[T] output y = x<t-1> -> ${stage} }`;

  it('no token is the zero vector', () => {
    const before = { ...ids, ...table };
    expect(y(shifted('embed(2)'), before)).toEqual([0, 0, 1, 2, 5, 6, 0, 0, ...none]);
    expect(y(shifted('oneHot'), ids).slice(0, 6)).toEqual([0, 0, 0, 1, 0, 0]);
  });

  it('what is shifted away does not come back', () => {
    const text = 'model m { input x: ids(V)[T] output y = x<t-2> -> shift(-2) -> embed(2) }';
    expect(y(text, { ...ids, ...table })).toEqual([1, 2, 0, 0, 0, 0, 0, 0, ...none]);
  });
});
