/**
 * Random graphs for laws below the language: pointwise ops, products, layout changes and scans, all
 * widths 2, over parameters x [B, T, 2], r [B, 2], ids [B, T], lengths [B] and weights. Smooth, so
 * that differences can judge gradients. The same draws give the same graph.
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
const sequence: Shape = [batch, time, two];

/** `size` bounds the instructions of each part of the graph. */
export function randomGraph(draw: () => number, size: number): Graph {
  const b = new GraphBuilder();
  const x = b.parameter('x', tensor('float', sequence), 'input');
  const r = b.parameter('r', tensor('float', row), 'state');
  const ids = b.parameter('ids', tensor('int', [batch, time]), 'input');
  const lengths = b.parameter('lengths', tensor('int', [batch]), 'control');
  const outside: Weights = {
    matrices: ['W', 'U'].map((name) => b.parameter(name, tensor('float', [two, two]), 'weight')),
    vectors: ['p', 'q'].map((name) => b.parameter(name, tensor('float', [two]), 'weight')),
  };
  const sequences = [x];
  const rows = [r];
  const table = pick(draw, outside.matrices);
  sequences.push(build.gather(b, table, ids));
  const scans = 1 + Math.floor(draw() * 2);
  for (let i = 0; i < scans; i++) {
    grow(b, draw, size, sequences, outside);
    grow(b, draw, size, rows, outside);
    const scan = randomScan(b, draw, size, { sequences, rows, ids, lengths, outside });
    sequences.push(...scan.ys);
    rows.push(...scan.finals);
  }
  grow(b, draw, size, sequences, outside);
  grow(b, draw, size, rows, outside);
  const ends = [...sequences.slice(-2), ...rows.slice(-2)];
  const loss = ends
    .map((v) =>
      build.reduceSum(
        b,
        build.tanh(b, v),
        v.type.shape.map((_, axis) => axis),
      ),
    )
    .reduce((sum, v) => build.add(b, sum, v));
  return b.finish('random', [
    { name: 'loss', value: loss },
    ...ends.map((value, i) => ({ name: `end${i}`, value })),
  ]);
}

interface Weights {
  readonly matrices: readonly Value[];
  readonly vectors: readonly Value[];
}

function pick<T>(draw: () => number, from: readonly T[]): T {
  const item = from[Math.floor(draw() * from.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

/** Adds up to `size` values of the pool's type, each made of earlier ones. */
function grow(b: Builder, draw: () => number, size: number, pool: Value[], weights: Weights): void {
  const count = Math.floor(draw() * (size + 1));
  for (let i = 0; i < count; i++) pool.push(pick(draw, makers)(b, draw, pool, weights));
}

type Maker = (b: Builder, draw: () => number, pool: readonly Value[], weights: Weights) => Value;

const unary = [
  build.tanh,
  build.sigmoid,
  build.softplus,
  build.sin,
  build.cos,
  build.neg,
  build.erf,
  (b: Builder, x: Value) => build.exp(b, build.tanh(b, x)),
];
const binary = [build.add, build.sub, build.mul];

/** Each gives a value of the pool's type, the last axis of which has two elements. */
const makers: readonly Maker[] = [
  (b, draw, pool) => pick(draw, unary)(b, pick(draw, pool)),
  (b, draw, pool) => pick(draw, binary)(b, pick(draw, pool), pick(draw, pool)),
  (b, draw, pool, { matrices }) => build.linear(b, pick(draw, pool), pick(draw, matrices)),
  (b, draw, pool, { vectors }) => {
    const x = pick(draw, pool);
    return pick(draw, binary)(b, x, build.broadcastTo(b, pick(draw, vectors), x.type.shape));
  },
  (b, draw, pool) => {
    const constant = build.constant(b, pick(draw, [0, 1, -1, 0.5, 1]));
    const x = pick(draw, pool);
    return draw() < 0.5 ? build.add(b, constant, x) : build.mul(b, x, constant);
  },
  (b, draw, pool) => {
    const [x, y] = [pick(draw, pool), pick(draw, pool)];
    const below = build.add(b, build.mul(b, y, y), build.constant(b, 1));
    return build.div(b, x, below);
  },
  (b, draw, pool) => {
    const axis = (pool[0]?.type.shape.length ?? 1) - 1;
    const both = build.concat(b, [pick(draw, pool), pick(draw, pool)], axis);
    return build.slice(b, both, axis, fixed(Math.floor(draw() * 3)), two);
  },
  (b, draw, pool) => {
    const x = pick(draw, pool);
    const steps = build.iota(b, two);
    const even = build.equal(b, steps, build.constant(b, Math.floor(draw() * 2), 'int'));
    const mask = build.broadcastTo(b, even, x.type.shape);
    return build.select(b, mask, x, pick(draw, pool));
  },
  (b, draw, pool) => {
    // [..., 2] to its outer product with itself, summed over one side: a product that keeps batch.
    const x = pick(draw, pool);
    const axes = x.type.shape.slice(0, -1).map((_, axis) => axis);
    const outer = build.dot(b, x, pick(draw, pool), { contract: [[], []], batch: [axes, axes] });
    const swapped = build.transpose(b, outer, [...axes, axes.length + 1, axes.length]);
    return build.reduceSum(b, draw() < 0.5 ? outer : swapped, [axes.length]);
  },
];

interface ScanSources {
  readonly sequences: readonly Value[];
  readonly rows: readonly Value[];
  readonly ids: Value;
  readonly lengths: Value;
  readonly outside: Weights;
}

function randomScan(
  b: Builder,
  draw: () => number,
  size: number,
  { sequences, rows, ids, lengths, outside }: ScanSources,
): { finals: readonly Value[]; ys: readonly Value[] } {
  const { matrices, vectors } = outside;
  const constants = [...matrices, ...vectors, pick(draw, rows)];
  const carries = [pick(draw, rows), pick(draw, rows)].slice(Math.floor(draw() * 2));
  const xs = [ids, pick(draw, sequences)];
  const inside = new GraphBuilder();
  const local = (name: string, value: Value): Value => inside.parameter(name, value.type, 'local');
  const [w, u, p, q, fixedRow] = constants.map((v, i) => local(`k${i}`, v));
  const states = carries.map((v, i) => local(`s${i}`, v));
  const id = inside.parameter('id', tensor('int', [batch]), 'local');
  const step = inside.parameter('x', tensor('float', row), 'local');
  if (!w || !u || !p || !q || !fixedRow) throw new Error('constants expected');
  const weights: Weights = { matrices: [w, u], vectors: [p, q] };
  // Some values of the pool do not vary, so that instructions mix both kinds.
  const pool = [...states, step, fixedRow, build.gather(inside, u, id)];
  grow(inside, draw, size, pool, weights);
  const next = states.map((_, i) => ({ name: `s${i}`, value: pick(draw, pool) }));
  grow(inside, draw, size, pool, weights);
  const ys = [pick(draw, pool), pool.at(-1) ?? step];
  const body = inside.finish('step', [
    ...next,
    ...ys.map((value, i) => ({ name: `y${i}`, value })),
  ]);
  return emitScan(b, {
    constants,
    carries,
    xs,
    lengths: draw() < 0.7 ? lengths : undefined,
    reverse: draw() < 0.5,
    time,
    body,
  });
}
