/** Shapes that follow: of outputs, weights and open widths, from what is written where. */
import { describe, expect, it } from 'vitest';
import { printShape } from '../../../compiler/graph/dim.ts';
import type { Model } from '../../../compiler/graph/model.ts';
import { compiled, faultsOf } from '../../support/models.ts';

/** `y[B, T, 3]`, one after the other. */
function outputs(model: Model): string {
  return model.outputs.map((o) => o.name + printShape(o.type.shape)).join(' ');
}

function weights(model: Model): string {
  return model.weights.map((w) => w.name + printShape(w.shape)).join(' ');
}

function inputs(model: Model): string {
  return model.inputs.map((i) => i.name + printShape(i.type.shape)).join(' ');
}

const dims = (values: Readonly<Record<string, number>>) => ({
  dims: new Map(Object.entries(values)),
});

describe('a pipeline', () => {
  it.each([
    ['lstm(8)', 'y[B, T, 8]'],
    ['x -> dense(3)', 'y[B, T, 3]'],
    ['softmax', 'y[B, T, D]'],
    ['dense(2 * D + 1)', 'y[B, T, 2*D+1]'],
    ['bidirectional(lstm(8), depth = 3) -> softmax', 'y[B, T, 16]'],
    ['concat(lstm(2), dense(3), identity)', 'y[B, T, D+5]'],
    ['lstm(3) -> last', 'y[B, 3]'],
    ['pool(max) -> dense(2)', 'y[B, 2]'],
    ['shift(-2) -> reverse', 'y[B, T, D]'],
    ['embed(3)', 'y[B, T, 3]'],
    ['oneHot -> rnn(2)', 'y[B, T, 2]'],
    ['residual(dense(4))', 'y[B, T, 4]'],
  ])('%s gives %s', (pipeline, expected) => {
    expect(outputs(compiled(pipeline))).toBe(expected);
  });

  it('takes ids where its first layer does', () => {
    const kinds = ['embed(2)', 'concat(oneHot, embed(2))', 'bidirectional(embed(2))', 'lstm(2)'];
    const elements = kinds.map((k) => compiled(k).inputs.map((i) => i.element));
    expect(elements).toEqual([['ids'], ['ids'], ['ids'], ['float']]);
  });

  it('settles the width of its input where a layer needs one', () => {
    expect(inputs(compiled('residual(dense(4))'))).toBe('x[B, T, 4]');
    expect(inputs(compiled('dense(4)'))).toBe('x[B, T, D]');
  });
});

describe('a weight', () => {
  it('has a column for each operand that it multiplies', () => {
    expect(weights(compiled('rnn(4)'))).toBe('rnn.Wa[4, D+4] rnn.ba[4]');
    expect(weights(compiled('rnn(4, depth = 2)'))).toBe(
      'rnn.l0.Wa[4, D+4] rnn.l0.ba[4] rnn.l1.Wa[4, 8] rnn.l1.ba[4]',
    );
    expect(weights(compiled('bidirectional(rnn(4), depth = 2)'))).toContain('Wa[4, 12]');
  });

  it('takes its rows from the state, from a declaration, or from another width', () => {
    const cell = `cell mine(n) {
      state s: [n]
      weight P: [2, n]
      weight p: [n]
      s<t> = tanh(W[s<t-1>, x<t>] + b) * p
      emit P[s<t>]
    }`;
    const model = compiled(`${cell} model m { input x: float[T, 5] output y = x -> mine(3) }`);
    expect(weights(model)).toBe('mine.W[3, 8] mine.b[3] mine.p[3] mine.P[2, 3]');
    const layer = 'layer mine() { emit x + W[x] }';
    const other = compiled(`${layer} model m { input x: float[T, 5] output y = x -> mine }`);
    expect(weights(other)).toBe('mine.W[5, 5]');
  });

  it('has blocks for what is recurrent and what is not', () => {
    const [gate] = compiled('lstm(4)').weights;
    expect(gate?.blocks?.map((b) => b.recurrent)).toEqual([true, false]);
  });
});

describe('open widths', () => {
  const model = `model m {
    input x: float[T, n]
    input z: float[T, k]
    output sum = x + z
    output wide = sum -> dense(n + k)
  }`;

  it('become one where they meet', () => {
    expect(inputs(compiled(model))).toBe('x[B, T, n] z[B, T, n]');
    expect(outputs(compiled(model))).toBe('sum[B, T, n] wide[B, T, 2*n]');
  });

  it('are bound from outside', () => {
    expect(outputs(compiled(model, dims({ k: 3 })))).toBe('sum[B, T, 3] wide[B, T, 6]');
    expect(outputs(compiled('lstm(8)', dims({ D: 5, T: 7, B: 2 })))).toBe('y[2, 7, 8]');
    expect(weights(compiled('dense(D / 2)', dims({ D: 6 })))).toBe('dense.W[3, 6] dense.b[3]');
  });

  it.each([
    [{ n: 3, k: 4 }, ['S4001 x + z']],
    [{ n: 0 }, ['N3016 dense(n + k)', 'N3016 input x: float[T, n]']],
  ])('that cannot be: %o', (values, faults) => {
    expect(faultsOf(model, dims(values)).slice(0, faults.length)).toEqual(faults);
  });

  it.each([
    ['dense(D / 2)', { D: 3 }],
    ['dense(D - 3)', { D: 3 }],
  ])('come out as no width: %s', (pipeline, values) => {
    const at = faultsOf(pipeline, dims(values));
    expect(new Set(at)).toEqual(new Set([`N3016 ${pipeline}`]));
  });

  it('of unknown ids are those of the data', () => {
    const text = `model m {
      input text: characters(V)[T]
      output next = text<t-1> -> oneHot -> softmax(V)
      loss crossEntropy(next, text)
    }`;
    expect(weights(compiled(text))).toBe('softmax.W[V, V] softmax.b[V]');
    expect(weights(compiled(text, dims({ V: 5 })))).toBe('softmax.W[5, 5] softmax.b[5]');
  });
});

describe('arithmetic', () => {
  const own = (layer: string, stage = 'mine'): string =>
    `layer mine() { ${layer} } model m { input x: float[T, 3] output y = x -> ${stage} }`;

  it('spreads what has no features over those of the other side', () => {
    expect(outputs(compiled(own('emit x - mean(x)')))).toBe('y[B, T, 3]');
    expect(outputs(compiled(own('emit mean(x) * 2')))).toBe('y[B, T]');
  });

  it('spreads one value a row over time', () => {
    const text = 'model m { input x: float[T, 3] input z: float[3] output y = x * z + 1 }';
    expect(outputs(compiled(text))).toBe('y[B, T, 3]');
  });

  it('knows widths as numbers', () => {
    expect(outputs(compiled(own('emit x / sqrt(width(x)) -> dense(2 * width(x))')))).toBe(
      'y[B, T, 6]',
    );
  });
});
