/**
 * Random scans whose bodies are mostly products: of concats of carries, xs and what does not vary,
 * along contracted and free axes, with weights on either side and either way round, shared between
 * products or not. Rows are 2 wide. The same draws give the same graph.
 */
import * as build from '../../compiler/graph/build.ts';
import { fixed, symbol, type Shape } from '../../compiler/graph/dim.ts';
import { emitScan } from '../../compiler/graph/scan.ts';
import { tensor, type Builder, type Graph, type Value } from '../../compiler/graph/types.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';

const batch = symbol('B');
const time = symbol('T');
const two = fixed(2);
const row: Shape = [batch, two];

type Draw = () => number;

/** Parameters x, z [B, T, 2], a, c, k [B, 2], lengths, weights; results `loss`, ys and finals. */
export function productGraph(draw: Draw, size: number): Graph {
  const b = new GraphBuilder();
  const parameter = (name: string, shape: Shape, role: 'input' | 'weight' | 'state'): Value =>
    b.parameter(name, tensor('float', shape), role);
  const xs = ['x', 'z'].map((name) => parameter(name, [batch, time, two], 'input'));
  const carries = ['a', 'c'].map((name) => parameter(name, row, 'state'));
  const lengths = b.parameter('lengths', tensor('int', [batch]), 'control');
  const fixedRow = parameter('k', row, 'input');
  const weights = Object.entries(weightShapes).map(([name, shape]) =>
    parameter(name, shape, 'weight'),
  );
  const scan = emitScan(b, {
    constants: [fixedRow, ...weights],
    carries,
    xs,
    lengths: draw() < 0.7 ? lengths : undefined,
    reverse: draw() < 0.3,
    time,
    body: productBody(draw, size),
  });
  const results = [...scan.ys, ...scan.finals];
  const top = topProducts(b, draw, scan.ys, weights);
  const loss = [...results, ...top]
    .map((v) => {
      const axes = v.type.shape.map((_, axis) => axis);
      return build.reduceSum(b, build.tanh(b, v), axes);
    })
    .reduce((sum, v) => build.add(b, sum, v));
  return b.finish('products', [
    { name: 'loss', value: loss },
    ...[...results, ...top].map((value, i) => ({ name: `r${i}`, value })),
  ]);
}

/** By number of parts: [2, 2 parts], or the other way round. */
const weightShapes: Readonly<Record<string, Shape>> = {
  W1: [two, two],
  W2: [two, fixed(4)],
  W3: [two, fixed(6)],
  U1: [two, two],
  U2: [two, fixed(4)],
  V1: [two, two],
  V2: [fixed(4), two],
  V3: [fixed(6), two],
  M2: [two, fixed(2), fixed(4)],
  p1: [two],
  p2: [fixed(4)],
};

interface Pool {
  readonly rows: Value[];
  readonly weights: ReadonlyMap<string, Value>;
}

function productBody(draw: Draw, size: number): Graph {
  const b = new GraphBuilder();
  const local = (name: string, shape: Shape): Value =>
    b.parameter(name, tensor('float', shape), 'local');
  const k = local('k', row);
  const weights = new Map(
    Object.entries(weightShapes).map(([name, shape]) => [name, local(name, shape)]),
  );
  const [a, c, x, z] = ['a', 'c', 'x', 'z'].map((name) => local(name, row));
  if (!a || !c || !x || !z) throw new Error('four rows');
  const pool: Pool = { rows: [a, x, c, z, k], weights };
  const count = 2 + Math.floor(draw() * (size + 1));
  for (let i = 0; i < count; i++) pool.rows.push(pick(draw, makers)(b, draw, pool));
  const results = ['a', 'c', 'y', 'w'].map((name) => {
    const value = pick(draw, pool.rows.slice(2));
    return { name, value };
  });
  return b.finish('step', results);
}

function pick<T>(draw: Draw, from: readonly T[]): T {
  const item = from[Math.floor(draw() * from.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

type Maker = (b: Builder, draw: Draw, pool: Pool) => Value;

function weight({ weights }: Pool, name: string): Value {
  const value = weights.get(name);
  if (value === undefined) throw new Error(`no weight ${name}`);
  return value;
}

/** Some rows, more likely the carries and xs. */
function parts(draw: Draw, { rows }: Pool, count: number): Value[] {
  return Array.from({ length: count }, () => pick(draw, draw() < 0.6 ? rows.slice(0, 4) : rows));
}

const product: Maker = (b, draw, pool) => {
  const count = 1 + Math.floor(draw() * 3);
  const x = build.concat(b, parts(draw, pool, count), 1);
  if (draw() < 0.3) {
    return build.dot(b, x, weight(pool, `V${count}`), { contract: [[1], [0]] });
  }
  const name = count < 3 && draw() < 0.5 ? `U${count}` : `W${count}`;
  return build.linear(b, x, weight(pool, name));
};

const sum: Maker = (b, draw, pool) => {
  const bias = build.broadcastTo(b, weight(pool, 'p1'), row);
  const terms = [product(b, draw, pool), product(b, draw, pool), bias, pick(draw, pool.rows)];
  const used = terms.filter(() => draw() < 0.7);
  return used.reduce(
    (total, v) => (draw() < 0.5 ? build.add(b, total, v) : build.add(b, v, total)),
    bias,
  );
};

const makers: readonly Maker[] = [
  product,
  sum,
  (b, draw, pool) => build.tanh(b, sum(b, draw, pool)),
  (b, draw, pool) => build.sigmoid(b, sum(b, draw, pool)),
  (b, draw, pool) => build.mul(b, pick(draw, pool.rows), pick(draw, pool.rows)),
  (b, draw, pool) => build.sub(b, pick(draw, pool.rows), pick(draw, pool.rows)),
  // A weight on the left that leaves nothing but the batch.
  (b, draw, pool) => {
    const x = build.concat(b, parts(draw, pool, 2), 1);
    const score = build.dot(b, weight(pool, 'p2'), x, { contract: [[0], [1]] });
    return build.broadcast(b, build.tanh(b, score), row, [0]);
  },
  // Two rows on top of one another, a concat along a free axis.
  (b, draw, pool) => {
    const layers = parts(draw, pool, 2).map((v) => build.reshape(b, v, [batch, fixed(1), two]));
    const both = build.linear(b, build.concat(b, layers, 1), weight(pool, 'W1'));
    return build.reduceSum(b, build.tanh(b, both), [draw() < 0.5 ? 1 : 2]);
  },
  // Two free axes on the right.
  (b, draw, pool) => {
    const x = build.concat(b, parts(draw, pool, 2), 1);
    const cube = build.dot(b, x, weight(pool, 'M2'), { contract: [[1], [2]] });
    return build.reduceSum(b, build.transpose(b, cube, [0, 2, 1]), [1]);
  },
  // Both sides vary, joined by batch.
  (b, draw, pool) => {
    const [x, y] = [parts(draw, pool, 2), parts(draw, pool, 2)].map((list) =>
      build.concat(b, list, 1),
    );
    if (x === undefined || y === undefined) throw new Error('two lists');
    const score = build.dot(b, x, y, { contract: [[1], [1]], batch: [[0], [0]] });
    return build.broadcast(b, build.sin(b, score), row, [0]);
  },
  // A quotient by what varies, which is 1 where all is zero.
  (b, draw, pool) => {
    const [x, y] = [pick(draw, pool.rows), pick(draw, pool.rows)];
    return build.div(b, x, build.add(b, build.mul(b, y, y), build.constant(b, 1)));
  },
];

/** Products outside of the scan: of one y with several weights, of a concat of ys. */
function topProducts(
  b: Builder,
  draw: Draw,
  ys: readonly Value[],
  weights: readonly Value[],
): Value[] {
  const named = (name: string): Value => {
    const value = weights[Object.keys(weightShapes).indexOf(name)];
    if (value === undefined) throw new Error(`no weight ${name}`);
    return value;
  };
  const y = pick(draw, ys);
  const bias = (v: Value): Value =>
    build.add(b, v, build.broadcastTo(b, named('p1'), v.type.shape));
  return [
    bias(build.linear(b, y, named('W1'))),
    build.linear(b, y, named('U1')),
    bias(build.linear(b, build.concat(b, [y, pick(draw, ys)], 2), named('W2'))),
  ].filter(() => draw() < 0.8);
}
