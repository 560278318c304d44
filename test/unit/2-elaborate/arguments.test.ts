/** What every layer takes besides its own arguments, and how arguments are bound. */
import { describe, expect, it } from 'vitest';
import type { Initializer, Model, ModelWeight } from '../../../compiler/graph/model.ts';
import { scanParts } from '../../../compiler/graph/scan.ts';
import { scansOf } from '../../support/graph-queries.ts';
import { compiled, faultsOf } from '../../support/models.ts';
import { required } from '../../support/op-runs.ts';

function names(model: Model): string[] {
  return model.weights.map((w) => w.name);
}

function weight(pipeline: string, name: string): ModelWeight {
  return required(compiled(pipeline).weights.find((w) => w.name === name));
}

/** Kinds of initializers; those of a stacked weight, block by block. */
function kinds(initializer: Initializer): string[] {
  if (initializer.kind !== 'blocks') return [initializer.kind];
  return initializer.blocks.flatMap((b) => kinds(b.initializer));
}

describe('bias = false', () => {
  it('leaves out every weight whose name begins with b', () => {
    expect(names(compiled('rnn(2, bias = false)'))).toEqual(['rnn.Wa']);
    expect(names(compiled('gru(2, reset = after, bias = false)'))).toHaveLength(4);
    expect(names(compiled('layerNorm(bias = false)'))).toEqual(['layerNorm.g']);
  });
});

describe('initializers', () => {
  it('are Glorot outside, orthogonal within the recurrence, zero for a bias', () => {
    expect(kinds(weight('lstm(3)', 'lstm.Wu').initializer)).toEqual(['orthogonal', 'glorot']);
    expect(kinds(weight('dense(3)', 'dense.W').initializer)).toEqual(['glorot']);
    expect(kinds(weight('dense(3)', 'dense.b').initializer)).toEqual(['zeros']);
  });

  it('open the forget gate', () => {
    const forget = { kind: 'constant', value: 1 };
    expect(weight('lstm(3)', 'lstm.bf').initializer).toEqual(forget);
    expect(weight('lstm(3, forget = 2)', 'lstm.bf').initializer).toEqual({ ...forget, value: 2 });
  });

  it.each(['gru', 'simpleGru'])('keep the update gate of %s rather closed', (cell) => {
    const keep = { kind: 'constant', value: -1 };
    expect(weight(`${cell}(3)`, `${cell}.bu`).initializer).toEqual(keep);
    expect(weight(`${cell}(3, keep = 2)`, `${cell}.bu`).initializer).toEqual({
      ...keep,
      value: -2,
    });
  });

  it.each([
    ['lstm(3, init = he)', 'lstm.Wu', ['orthogonal', 'he']],
    ['lstm(3, recurrentInit = identity)', 'lstm.Wu', ['identity', 'glorot']],
    ['lstm(3, init = zeros, recurrentInit = ones)', 'lstm.Wu', ['ones', 'zeros']],
    ['lstm(3, biasInit = ones)', 'lstm.bu', ['ones']],
    ['lstm(3, biasInit = ones)', 'lstm.bf', ['constant']],
    ['dense(3, init = normal)', 'dense.W', ['normal']],
    ['dense(3, init = orthogonal(0.5))', 'dense.W', ['orthogonal']],
    ['embed(3)', 'embed.E', ['normal']],
  ])('may be chosen: %s, %s', (pipeline, name, expected) => {
    expect(kinds(weight(pipeline, name).initializer)).toEqual(expected);
  });

  it('take numbers by position or name', () => {
    const own = (init: string): string => `layer own() { weight p: [2] = ${init} emit x * p }`;
    const of = (init: string): Initializer | undefined =>
      compiled(`${own(init)} model m { input x: float[2] output y = x -> own }`).weights[0]
        ?.initializer;
    expect(of('uniform(-1, 2)')).toEqual({ kind: 'uniform', low: -1, high: 2 });
    expect(of('uniform(high = 2, low = -1)')).toEqual({ kind: 'uniform', low: -1, high: 2 });
    expect(of('normal(deviation = 0.1)')).toEqual({ kind: 'normal', deviation: 0.1 });
    expect(of('constant(3)')).toEqual({ kind: 'constant', value: 3 });
  });

  it.each([
    ['dense(3, init = 3)', ['N3005 init = 3']],
    ['dense(3, init = constant)', ['N3005 init = constant']],
    ['dense(3, init = uniform(1))', ['N3005 uniform(1)']],
    ['dense(3, init = normal(spread = 1))', ['N3003 spread = 1']],
    ['dense(3, init = ones, init = zeros)', ['N3006 init = zeros']],
  ])('are reported: %s', (pipeline, faults) => {
    expect(faultsOf(pipeline)).toEqual(faults);
  });
});

describe('reverse', () => {
  const directions = (pipeline: string): boolean[] =>
    scansOf(compiled(pipeline).graph).map((s) => scanParts(s).reverse);

  it('turns every layer of a depth, and the directions of bidirectional', () => {
    expect(directions('rnn(2, reverse = true)')).toEqual([true]);
    expect(directions('rnn(2, reverse = true, depth = 2)')).toEqual([true, true]);
    expect(directions('bidirectional(rnn(2))')).toEqual([false, true]);
    expect(directions('bidirectional(rnn(2, reverse = true))')).toEqual([true, false]);
    expect(directions('bidirectional(bidirectional(rnn(2)))')).toEqual([false, true, true, false]);
    expect(directions('shift(1) -> shift(-1)')).toEqual([false, true]);
  });
});

describe('depth', () => {
  it('numbers its layers', () => {
    expect(names(compiled('rnn(2, depth = 2, bias = false)'))).toEqual(['rnn.l0.Wa', 'rnn.l1.Wa']);
    expect(names(compiled('bidirectional(rnn(2, bias = false), depth = 2)'))).toEqual([
      'rnn.l0.forward.Wa',
      'rnn.l0.reverse.Wa',
      'rnn.l1.forward.Wa',
      'rnn.l1.reverse.Wa',
    ]);
  });

  it('has dropout between its layers, in training', () => {
    const random = (pipeline: string, mode: 'training' | 'inference'): number =>
      compiled(pipeline, { mode }).graph.instructions.filter((i) => i.op === 'random').length;
    expect(random('rnn(2, depth = 3, dropout = 0.5)', 'training')).toBe(2);
    expect(random('bidirectional(rnn(2), depth = 3, dropout = 0.5)', 'training')).toBe(2);
    expect(random('rnn(2, dropout = 0.5)', 'training')).toBe(0);
    expect(random('rnn(2, depth = 3, dropout = 0.5)', 'inference')).toBe(0);
  });

  it.each([
    ['rnn(2, depth = 0)', ['N3005 depth = 0']],
    ['rnn(2, depth = 1.5)', ['N3005 depth = 1.5']],
    ['rnn(2, depth = 257)', ['N3016 depth = 257']],
    ['rnn(2, depth = two)', ['N3005 depth = two']],
    ['rnn(2, depth = 2, depth = 3)', ['N3006 depth = 3']],
    ['rnn(2, dropout = 1)', ['N3005 dropout = 1']],
    ['rnn(2, bias = no)', ['N3005 bias = no']],
    ['rnn(2, reverse = 1)', ['N3005 reverse = 1']],
    ['stack(rnn(2), depth = 2, reverse = true)', ['N3003 reverse']],
  ])('and the others are reported: %s', (pipeline, faults) => {
    expect(faultsOf(pipeline)).toEqual(faults);
  });
});

describe('own arguments', () => {
  it('are given by position or by name, and have defaults', () => {
    const activations = ['dense(2, tanh)', 'dense(activation = tanh, n = 2)'];
    for (const pipeline of activations) {
      const ops = compiled(pipeline).graph.instructions.map((i) => i.op);
      expect(ops).toContain('tanh');
    }
    expect(names(compiled('gru(2)'))).not.toContain('gru.Uc');
    expect(names(compiled('gru(2, after)'))).toContain('gru.Uc');
  });

  it('may be layers and functions', () => {
    const own = 'layer twice(f) { emit x -> f -> f }';
    const text = (f: string): string =>
      `${own} model m { input x: float[T, 2] output y = x -> twice(${f}) }`;
    expect(names(compiled(text('dense(2, bias = false)')))).toHaveLength(2);
    const ops = compiled(text('tanh')).graph.instructions.map((i) => i.op);
    expect(ops.filter((op) => op === 'tanh')).toHaveLength(2);
  });
});
