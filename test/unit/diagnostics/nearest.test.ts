/** The nearest name: slips are found, strangers are not. */
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../compiler/diagnostics/nearest.ts';

const layers = ['lstm', 'gru', 'dense', 'dropout', 'softmax', 'layerNorm', 'bidirectional'];

describe('nearest', () => {
  it.each([
    ['lsmt', 'lstm'],
    ['LSTM', 'lstm'],
    ['sofmax', 'softmax'],
    ['layernorm', 'layerNorm'],
    ['bidirectinal', 'bidirectional'],
    ['gruu', 'gru'],
  ])('%s is meant as %s', (typed, meant) => {
    expect(nearest(typed, layers)).toBe(meant);
  });

  it.each(['attention', 'x', 'rnn', '', 'lstm', 'z'.repeat(100_000)])(
    'knows nothing near %s',
    (typed) => {
      expect(
        nearest(
          typed,
          layers.filter((layer) => layer !== typed),
        ),
      ).toBeUndefined();
    },
  );

  it('prefers the smaller change', () => {
    expect(nearest('dens', ['dents', 'dense', 'den'])).toBe('dents');
    expect(nearest('Dense', ['dents', 'dense'])).toBe('dense');
  });
});
