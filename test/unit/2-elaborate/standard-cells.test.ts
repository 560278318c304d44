/**
 * The standard cells against their equations, written out in numbers: two steps of one row, with
 * initial states.
 */
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawFloats, drawer, ints } from '../../../compiler/verify/arrays.ts';
import { compiled } from '../../support/models.ts';
import { run } from '../../support/central-differences.ts';
import { required } from '../../support/op-runs.ts';

type Vector = readonly number[];

const width = 2;

/** Named weights of the cell, and the functions that its equations need. */
class Numbers {
  private readonly arrays: ReadonlyMap<string, NdArray>;
  private readonly path: string;

  constructor(arrays: ReadonlyMap<string, NdArray>, path: string) {
    this.arrays = arrays;
    this.path = path;
  }

  vector(name: string): Vector {
    return [...required(this.arrays.get(`${this.path}.${name}`)).data];
  }

  /** `W[a, b]`: the operands one above the other. */
  product(name: string, ...operands: readonly Vector[]): Vector {
    const stacked = operands.flat();
    const data = this.vector(name);
    return Array.from({ length: data.length / stacked.length }, (_, row) =>
      stacked.reduce((sum, v, i) => sum + v * required(data[row * stacked.length + i]), 0),
    );
  }
}

function map(f: (...values: number[]) => number, ...vectors: readonly Vector[]): Vector {
  return required(vectors[0]).map((_, i) => f(...vectors.map((v) => required(v[i]))));
}

const add = (...vectors: readonly Vector[]): Vector =>
  map((...values) => values.reduce((sum, v) => sum + v, 0), ...vectors);
const mul = (x: Vector, y: Vector): Vector => map((a, b) => a * b, x, y);
const tanh = (x: Vector): Vector => map(Math.tanh, x);
const sigmoid = (x: Vector): Vector => map((v) => 1 / (1 + Math.exp(-v)), x);
const rest = (x: Vector): Vector => map((v) => 1 - v, x);

/** One step: the next states, the first of which is the output. */
type Step = (w: Numbers, x: Vector, states: readonly Vector[]) => Vector[];

const gate = (w: Numbers, name: string, ...operands: readonly Vector[]): Vector =>
  sigmoid(add(w.product(`W${name}`, ...operands), w.vector(`b${name}`)));
const candidate = (w: Numbers, ...operands: readonly Vector[]): Vector =>
  tanh(add(w.product('Wc', ...operands), w.vector('bc')));

const blended: (u: Vector, next: Vector, c: Vector) => Vector = (u, next, c) =>
  add(mul(u, next), mul(rest(u), c));

/** An LSTM whose gates see what `seen` adds, and whose output is squashed or not. */
const longShort =
  (squash: (c: Vector) => Vector, seesCell = false): Step =>
  (w, x, [a = [], c = []]) => {
    const seen = seesCell ? [a, x, c] : [a, x];
    const update = mul(gate(w, 'u', ...seen), candidate(w, a, x));
    const next = add(update, mul(gate(w, 'f', ...seen), c));
    return [mul(gate(w, 'o', ...seen), squash(next)), next];
  };

const cells: Readonly<Record<string, Step>> = {
  'rnn(2)': (w, x, [a = []]) => [tanh(add(w.product('Wa', a, x), w.vector('ba')))],
  'rnn(2, activation = relu)': (w, x, [a = []]) => [
    map((v) => Math.max(0, v), add(w.product('Wa', a, x), w.vector('ba'))),
  ],
  'simpleGru(2)': (w, x, [c = []]) => [blended(gate(w, 'u', c, x), candidate(w, c, x), c)],
  'gru(2)': (w, x, [c = []]) => [
    blended(gate(w, 'u', c, x), candidate(w, mul(gate(w, 'r', c, x), c), x), c),
  ],
  'gru(2, reset = after)': (w, x, [c = []]) => {
    const inner = add(w.product('Uc', c), w.vector('bh'));
    const reset = mul(gate(w, 'r', c, x), inner);
    const next = tanh(add(w.product('Wc', x), w.vector('bc'), reset));
    return [blended(gate(w, 'u', c, x), next, c)];
  },
  'lstm(2)': longShort(tanh),
  'slideLstm(2)': longShort((c) => c),
  'peephole(2)': longShort(tanh, true),
  'peephole(2, connections = diagonal)': (w, x, [a = [], c = []]) => {
    const peeping = (name: string, cell: Vector): Vector => {
      const through = mul(w.vector(`p${name}`), cell);
      return sigmoid(add(w.product(`W${name}`, a, x), through, w.vector(`b${name}`)));
    };
    const next = add(mul(peeping('u', c), candidate(w, a, x)), mul(peeping('f', c), c));
    // The output gate sees the new cell state.
    return [mul(peeping('o', next), tanh(next)), next];
  },
  'coupledLstm(2)': (w, x, [a = [], c = []]) => {
    const forget = gate(w, 'f', a, x);
    const next = blended(rest(forget), candidate(w, a, x), c);
    return [mul(gate(w, 'o', a, x), tanh(next)), next];
  },
};

describe('a standard cell', () => {
  it.each(Object.entries(cells))('%s', (call, step) => {
    const { graph, states } = compiled(call);
    const draw = drawer(7);
    const inputs = new Map(
      graph.parameters.map(({ name, value }): [string, NdArray] => {
        const sizes = { B: 1, T: 2, D: 3 } as Readonly<Record<string, number>>;
        const shape = value.type.shape.map((d) =>
          d.terms.reduce((sum, t) => sum + t.coefficient * required(sizes[t.symbol]), d.constant),
        );
        return [name, name === 'lengths' ? ints([1], [2]) : drawFloats(draw, shape)];
      }),
    );
    const path = required(states[0]).layer;
    const numbers = new Numbers(inputs, path);
    const x = [...required(inputs.get('x')).data];
    let current: Vector[] = states.map((s) => [...required(inputs.get(s.initial)).data]);
    const results = run(graph, inputs);
    const y = [...required(results.get('y')).data];
    for (const t of [0, 1]) {
      current = step(numbers, x.slice(3 * t, 3 * t + 3), current);
      expectClose(y.slice(width * t, width * t + width), required(current[0]));
    }
    states.forEach((s, i) => {
      expectClose([...required(results.get(s.final)).data], required(current[i]));
    });
  });
});

function expectClose(found: Vector, wanted: Vector): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(required(wanted[i]), 13));
}
