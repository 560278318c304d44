/**
 * Weights of PyTorch give PyTorch's numbers: its equations, as its manual has them, written out
 * here with both of its biases. Beside test/pytorch, which asks PyTorch itself where there is one.
 */
import { expect, test } from 'vitest';
import { adoptWeights } from '../../../compiler/adopt/weights.ts';
import { present } from '../../../compiler/base/bug.ts';
import { evaluateShape } from '../../../compiler/graph/dim.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { countOf, floats, ints } from '../../../compiler/verify/arrays.ts';
import { drawn } from '../../support/op-runs.ts';
import { modelOf } from './models.ts';

const [width, hidden, time] = [3, 2, 3];
const x = drawn('float', [1, time, width], 1);
const { tanh } = Math;
const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

/** W v + b for the rows of gate `gate`. */
type Rows = (gate: number, v: readonly number[]) => number[];

/** The hidden states after each step, from the rows of input and of hidden state. */
type Cell = (input: Rows, recurrent: Rows) => (x: readonly number[]) => readonly number[];

const lstm: Cell = (ih, hh) => {
  let [h, c] = [zeros(), zeros()];
  return (now) => {
    const gate = (k: number): number[] => added(ih(k, now), hh(k, h));
    const [i, f, g, o] = [gate(0), gate(1), gate(2), gate(3)];
    c = c.map((v, j) => sigmoid(at(f, j)) * v + sigmoid(at(i, j)) * tanh(at(g, j)));
    h = c.map((v, j) => sigmoid(at(o, j)) * tanh(v));
    return h;
  };
};

const gru: Cell = (ih, hh) => {
  let h = zeros();
  return (now) => {
    const [r, z] = [added(ih(0, now), hh(0, h)), added(ih(1, now), hh(1, h))];
    const [own, past] = [ih(2, now), hh(2, h)];
    h = h.map((v, j) => {
      const n = tanh(at(own, j) + sigmoid(at(r, j)) * at(past, j));
      return (1 - sigmoid(at(z, j))) * n + sigmoid(at(z, j)) * v;
    });
    return h;
  };
};

const rnn: Cell = (ih, hh) => {
  let h = zeros();
  return (now) => (h = added(ih(0, now), hh(0, h)).map(tanh));
};

test.each<[string, number, Cell]>([
  ['lstm(2)', 4, lstm],
  ['gru(2, reset = after)', 3, gru],
  ['rnn(2)', 1, rnn],
])('%s', (spec, gates, cell) => {
  const tensors = new Map([
    ['weight_ih_l0', drawn('float', [gates * hidden, width], 2)],
    ['weight_hh_l0', drawn('float', [gates * hidden, hidden], 3)],
    ['bias_ih_l0', drawn('float', [gates * hidden], 4)],
    ['bias_hh_l0', drawn('float', [gates * hidden], 5)],
  ]);
  const rows =
    (side: string, from: number): Rows =>
    (gate, v) =>
      zeros().map((_, j) => {
        const row = gate * hidden + j;
        const bias = at(present(tensors.get(`bias_${side}_l0`), 'a bias').data, row);
        const matrix = present(tensors.get(`weight_${side}_l0`), 'a matrix').data;
        return v.reduce((sum, value, i) => sum + at(matrix, row * from + i) * value, bias);
      });
  const step = cell(rows('ih', width), rows('hh', hidden));
  const expected = Array.from({ length: time }, (_, t) =>
    step(Array.from(x.data.slice(t * width, (t + 1) * width))),
  ).flat();
  const found = adopted(spec, tensors);
  expect(found).toHaveLength(expected.length);
  found.forEach((v, i) => expect(v).toBeCloseTo(at(expected, i), 12));
});

/** The output of the model with these tensors for its weights. */
function adopted(spec: string, tensors: ReadonlyMap<string, NdArray>): readonly number[] {
  const shapes = new Map([...tensors].map(([name, { shape }]) => [name, shape]));
  const { model, diagnostics } = adoptWeights(modelOf(spec), shapes);
  expect(diagnostics).toEqual([]);
  const { graph } = present(model, 'a model');
  const given = new Map([...tensors, ['x', x], ['lengths', ints([1], [time])]]);
  const inputs = graph.parameters.map(({ name, value }): [string, NdArray] => {
    const shape = evaluateShape(
      value.type.shape,
      new Map(Object.entries({ B: 1, T: time, D: width })),
    );
    return [name, given.get(name) ?? floats(shape, new Array<number>(countOf(shape)).fill(0))];
  });
  const results = interpret(graph, new Map(inputs), { precision: 'f64' });
  return Array.from(present(results.get('y'), 'y').data);
}

function zeros(): number[] {
  return new Array<number>(hidden).fill(0);
}

function added(left: readonly number[], right: readonly number[]): number[] {
  return left.map((v, i) => v + at(right, i));
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? NaN;
}
