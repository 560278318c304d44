/** Bodies in which values that do not vary meet values that do, in every way that there is. */
import { describe, expect, it } from 'vitest';
import {
  differentiate,
  type DifferentiateOptions,
} from '../../../compiler/3-differentiate/reverse.ts';
import { simplify } from '../../../compiler/4-simplify/simplify.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol, type Shape } from '../../../compiler/graph/dim.ts';
import { emitScan } from '../../../compiler/graph/scan.ts';
import { tensor, type Builder, type Graph, type Value } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { drawer, ints } from '../../../compiler/verify/arrays.ts';
import { gradientError, run } from '../../support/central-differences.ts';
import { drawInputs, floatParameters } from '../../support/recurrent-graphs.ts';

const [batch, time, two, three] = [symbol('B'), symbol('T'), fixed(2), fixed(3)];

/** What a step computes of constant k, state s [B, 2] and x [B, 2]: the next state. */
type Step = (b: Builder, k: Value, s: Value, x: Value) => Value;

/** loss = the sum of tanh of all states, with k of the given shape a constant of the scan. */
function scanOf(kShape: Shape, step: Step, k?: (x: Value) => Value): Graph {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', [batch, time, two]), 'input');
  const s = b.parameter('s', tensor('float', [batch, two]), 'state');
  const lengths = b.parameter('lengths', tensor('int', [batch]), 'control');
  const constant = k?.(x) ?? b.parameter('k', tensor('float', kShape), 'weight');
  const inside = new GraphBuilder();
  const inner = [
    inside.parameter('k', constant.type, 'local'),
    inside.parameter('s', s.type, 'local'),
    inside.parameter('x', s.type, 'local'),
  ] as const;
  const next = step(inside, ...inner);
  const body = inside.finish('step', [
    { name: 's', value: next },
    { name: 'y', value: next },
  ]);
  const { ys } = emitScan(b, {
    constants: [constant],
    carries: [s],
    xs: [x],
    lengths,
    reverse: false,
    time,
    body,
  });
  const bounded = ys.map((y) => build.tanh(b, y));
  const loss = bounded.map((y) => build.reduceSum(b, y, [0, 1, 2]))[0] ?? x;
  return b.finish('mixed', [{ name: 'loss', value: loss }]);
}

const steps: readonly (readonly [string, Shape, Step])[] = [
  [
    'a bias, broadcast in the body',
    [two],
    (b, k, s, x) =>
      build.tanh(b, build.add(b, build.add(b, s, x), build.broadcastTo(b, k, s.type.shape))),
  ],
  [
    'a scalar used twice',
    [],
    (b, k, s, x) =>
      build.sin(b, build.add(b, build.mul(b, k, s), build.div(b, x, build.exp(b, k)))),
  ],
  [
    'a quotient by what is zero in padding',
    [batch, two],
    (b, k, s, x) => build.tanh(b, build.add(b, s, build.div(b, k, build.mul(b, x, x)))),
  ],
  [
    'one row a sequence',
    [batch, two],
    (b, k, s, x) => build.tanh(b, build.add(b, build.mul(b, s, k), x)),
  ],
  [
    'a choice between the two',
    [batch, two],
    (b, k, s, x) => {
      const even = build.equal(b, build.iota(b, two), build.constant(b, 0, 'int'));
      const mask = build.broadcastTo(b, even, s.type.shape);
      return build.add(b, build.select(b, mask, k, s), x);
    },
  ],
  [
    'a weight in two products',
    [two, two],
    (b, k, s, x) =>
      build.tanh(b, build.add(b, build.linear(b, s, k), build.linear(b, build.sin(b, x), k))),
  ],
  [
    'a function of a weight',
    [two, two],
    (b, k, s, x) => build.tanh(b, build.add(b, build.linear(b, s, build.mul(b, k, k)), x)),
  ],
  [
    'concat with a row',
    [batch, two],
    (b, k, s, x) => {
      const all = build.concat(b, [s, k, x], 1);
      return build.tanh(b, build.slice(b, build.mul(b, all, all), 1, fixed(1), two));
    },
  ],
  [
    'attention over a memory',
    [batch, three, two],
    (b, k, s, x) => {
      const scores = build.dot(b, k, s, { contract: [[2], [1]], batch: [[0], [0]] });
      const weights = build.exp(b, build.tanh(b, scores));
      const read = build.dot(b, weights, k, { contract: [[1], [1]], batch: [[0], [0]] });
      return build.tanh(b, build.add(b, read, x));
    },
  ],
  ['the constant itself as the next state', [batch, two], (_b, k) => k],
  [
    'a table',
    [three, two],
    (b, k, s, x) => {
      const id = build.cast(b, build.reduceSum(b, build.sigmoid(b, x), [1]), 'int');
      return build.tanh(b, build.add(b, build.gather(b, k, id), s));
    },
  ],
];

const modes: readonly DifferentiateOptions['residuals'][] = ['store', 'recompute'];

describe.each(steps)('%s', (_name, shape, step) => {
  it.each(modes)('residuals: %s', (residuals = 'store') => {
    const graph = scanOf(shape, step);
    const wrt = floatParameters(graph);
    const backward = differentiate(graph, { loss: 'loss', wrt, residuals });
    for (const [rows, length] of [
      [[3, 0, 2], 3],
      [[1], 1],
    ] as const) {
      const sizes = { batch: rows.length, time: length, lengths: rows };
      const inputs = drawInputs(graph, drawer(9), sizes);
      expect(gradientError(graph, backward, inputs, wrt)).toBeLessThan(2e-8);
      expect(gradientError(graph, simplify(backward), inputs, wrt)).toBeLessThan(2e-8);
    }
  });
});

it('keeps apart one value that is both a constant and an x', () => {
  const graph = scanOf(
    [],
    (b, k, s, x) => {
      const scores = build.dot(b, k, x, { contract: [[2], [1]], batch: [[0], [0]] });
      const read = build.dot(b, scores, k, { contract: [[1], [1]], batch: [[0], [0]] });
      return build.tanh(b, build.add(b, read, s));
    },
    (x) => x,
  );
  const backward = differentiate(graph, { loss: 'loss', wrt: ['x', 's'] });
  const inputs = drawInputs(graph, drawer(4), { batch: 2, time: 3, lengths: [3, 2] });
  expect(gradientError(graph, backward, inputs, ['x', 's'])).toBeLessThan(1e-9);
  expect(gradientError(graph, simplify(backward), inputs, ['x', 's'])).toBeLessThan(1e-9);
});

it('says what it cannot do: a weight inside a scan inside a scan', () => {
  const nested: Step = (b, k, s, x) => {
    const inside = new GraphBuilder();
    const weight = inside.parameter('w', k.type, 'local');
    const state = inside.parameter('s', s.type, 'local');
    const next = build.tanh(inside, build.linear(inside, state, weight));
    const body = inside.finish('inner', [{ name: 's', value: next }]);
    const { finals } = emitScan(b, {
      constants: [k],
      carries: [build.add(b, s, x)],
      xs: [],
      lengths: undefined,
      reverse: false,
      time: three,
      body,
    });
    return finals[0] ?? s;
  };
  const graph = scanOf([two, two], nested);
  expect(() => differentiate(graph, { loss: 'loss', wrt: ['k'] })).toThrow(/scan holds constant/);
  // By what varies it can.
  const backward = differentiate(graph, { loss: 'loss', wrt: ['x', 's'] });
  const inputs = drawInputs(graph, drawer(4), { batch: 2, time: 3, lengths: [3, 2] });
  expect(gradientError(graph, backward, inputs, ['x', 's'])).toBeLessThan(1e-9);
});

it('carries integers along without a cotangent', () => {
  const b = new GraphBuilder();
  const s = b.parameter('s', tensor('float', [batch, two]), 'state');
  const n = b.parameter('n', tensor('int', [batch]), 'state');
  const inside = new GraphBuilder();
  const count = inside.parameter('n', n.type, 'local');
  const state = inside.parameter('s', s.type, 'local');
  const factor = build.cast(inside, count, 'float');
  const grown = build.mul(inside, state, build.broadcast(inside, factor, state.type.shape, [0]));
  const body = inside.finish('step', [
    {
      name: 'n',
      value: build.add(
        inside,
        count,
        build.broadcastTo(inside, build.constant(inside, 1, 'int'), [batch]),
      ),
    },
    { name: 's', value: grown },
  ]);
  const { finals } = emitScan(b, {
    constants: [],
    carries: [n, s],
    xs: [],
    lengths: undefined,
    reverse: false,
    time: three,
    body,
  });
  const loss = build.reduceSum(b, finals[1] ?? s, [0, 1]);
  const graph = b.finish('factorial', [{ name: 'loss', value: loss }]);
  const backward = simplify(differentiate(graph, { loss: 'loss', wrt: ['s'] }));
  const inputs = drawInputs(graph, drawer(1), { batch: 2, time: 3 });
  const found = run(backward, new Map([...inputs, ['n', ints([2], [1, 2])]]));
  // 1·2·3 and 2·3·4.
  expect([...(found.get('d/s')?.data ?? [])]).toEqual([6, 6, 24, 24]);
});
