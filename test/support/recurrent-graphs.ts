/** Recurrent graphs built by hand, for tests below the language: x [B, T, k] in, `loss` out. */
import * as build from '../../compiler/graph/build.ts';
import { dim, fixed, symbol } from '../../compiler/graph/dim.ts';
import { emitScan } from '../../compiler/graph/scan.ts';
import { tensor, type Builder, type Graph, type Value } from '../../compiler/graph/types.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { countOf, drawFloats, ints } from '../../compiler/verify/arrays.ts';

export type CellKind = 'rnn' | 'gru' | 'lstm';

export interface RecurrentOptions {
  readonly cell: CellKind;
  readonly lengths: boolean;
  readonly reverse: boolean;
  readonly layers: number;
}

export const inputWidth = 3;
export const width = 2;

const batch = symbol('B');
const time = symbol('T');

/** One step: reads x and the states, gives the next states; the first state is the output. */
type Cell = (b: Builder, weights: readonly Value[], x: Value, states: readonly Value[]) => Value[];

interface CellRecord {
  readonly step: Cell;
  readonly gates: number;
  readonly states: readonly string[];
}

const cells: Readonly<Record<CellKind, CellRecord>> = {
  rnn: {
    gates: 1,
    states: ['h'],
    step: (b, [w, bias], x, [h]) => [build.tanh(b, gate(b, w, bias, [h, x]))],
  },
  gru: {
    gates: 3,
    states: ['c'],
    step(b, [wu, bu, wr, br, wc, bc], x, [c]) {
      const update = build.sigmoid(b, gate(b, wu, bu, [c, x]));
      const reset = build.sigmoid(b, gate(b, wr, br, [c, x]));
      const candidate = build.tanh(b, gate(b, wc, bc, [c && build.mul(b, reset, c), x]));
      const kept = build.sub(b, build.constant(b, 1), update);
      if (c === undefined) throw new Error('a gru has a state');
      return [build.add(b, build.mul(b, update, candidate), build.mul(b, kept, c))];
    },
  },
  lstm: {
    gates: 4,
    states: ['h', 'c'],
    step(b, [wi, bi, wf, bf, wg, bg, wo, bo], x, [h, c]) {
      const input = build.sigmoid(b, gate(b, wi, bi, [h, x]));
      const forget = build.sigmoid(b, gate(b, wf, bf, [h, x]));
      const candidate = build.tanh(b, gate(b, wg, bg, [h, x]));
      const output = build.sigmoid(b, gate(b, wo, bo, [h, x]));
      if (c === undefined) throw new Error('an lstm has two states');
      const next = build.add(b, build.mul(b, input, candidate), build.mul(b, forget, c));
      return [build.mul(b, output, build.tanh(b, next)), next];
    },
  },
};

/** W [parts] + b. */
function gate(
  b: Builder,
  weight: Value | undefined,
  bias: Value | undefined,
  parts: readonly (Value | undefined)[],
): Value {
  if (weight === undefined || bias === undefined) throw new Error('a gate lacks its weights');
  const stacked = build.concat(
    b,
    parts.filter((p) => p !== undefined),
    1,
  );
  const product = build.linear(b, stacked, weight);
  return build.add(b, product, build.broadcastTo(b, bias, product.type.shape));
}

/**
 * Parameters x, lengths, weights `W0.1` and `b0.1`, states `h0.0`; the loss weighs y by a target.
 */
export function recurrentGraph(options: RecurrentOptions): Graph {
  const b = new GraphBuilder();
  const record = cells[options.cell];
  const x = b.parameter('x', tensor('float', [batch, time, fixed(inputWidth)]), 'input');
  const target = b.parameter('target', tensor('float', [batch, time, fixed(width)]), 'input');
  const lengths = options.lengths
    ? b.parameter('lengths', tensor('int', [batch]), 'control')
    : undefined;
  let current = x;
  const finals: Value[] = [];
  for (let layer = 0; layer < options.layers; layer++) {
    const origin = {
      source: 'test',
      line: layer + 1,
      column: 1,
      layer: `${options.cell}.l${layer}`,
    };
    const scan = b.withOrigin(origin, () => recurrentLayer(b, options, layer, current, lengths));
    current = scan.y;
    finals.push(...scan.finals);
  }
  const misfit = build.mul(b, current, target);
  const sums = [misfit, ...finals.map((f) => build.mul(b, f, f))].map((v) =>
    build.reduceSum(
      b,
      v,
      v.type.shape.map((_, i) => i),
    ),
  );
  const loss = sums.reduce((sum, v) => build.add(b, sum, v));
  return b.finish(options.cell, [
    { name: 'loss', value: loss },
    { name: 'y', value: current },
    ...finals.map((value, i) => ({ name: `final${i}`, value })),
  ]);

  function recurrentLayer(
    builder: GraphBuilder,
    { reverse }: RecurrentOptions,
    layer: number,
    input: Value,
    rows: Value | undefined,
  ): { y: Value; finals: readonly Value[] } {
    const inner = layer === 0 ? inputWidth : width;
    const weights = Array.from({ length: record.gates }, (_, g) => [
      builder.parameter(
        `W${layer}.${g}`,
        tensor('float', [dim(width), dim(width + inner)]),
        'weight',
      ),
      builder.parameter(`b${layer}.${g}`, tensor('float', [dim(width)]), 'weight'),
    ]).flat();
    const states = record.states.map((name) =>
      builder.parameter(`${name}${layer}.0`, tensor('float', [batch, dim(width)]), 'state'),
    );
    const body = cellBody(record, weights, states, input);
    const scan = emitScan(builder, {
      constants: weights,
      carries: states,
      xs: [input],
      lengths: rows,
      reverse,
      time,
      body,
    });
    const [y] = scan.ys;
    if (y === undefined) throw new Error('a cell emits its state');
    return { y, finals: scan.finals };
  }
}

function cellBody(
  record: CellRecord,
  weights: readonly Value[],
  states: readonly Value[],
  input: Value,
): Graph {
  const inside = new GraphBuilder();
  const constants = weights.map((w, i) => inside.parameter(`k${i}`, w.type, 'local'));
  const carries = states.map((s, i) => inside.parameter(record.states[i] ?? '', s.type, 'local'));
  const [rows, , ...rest] = input.type.shape;
  const step = inside.parameter('x', tensor('float', [rows ?? batch, ...rest]), 'local');
  const next = record.step(inside, constants, step, carries);
  const results = next.map((value, i) => ({ name: record.states[i] ?? '', value }));
  const [output] = next;
  if (output === undefined) throw new Error('a cell has a state');
  return inside.finish('step', [...results, { name: 'y', value: output }]);
}

/** Arrays for every parameter of a graph; ids are 0 or 1, rows are full if no lengths are given. */
export function drawInputs(
  graph: Graph,
  draw: () => number,
  sizes: { readonly batch: number; readonly time: number; readonly lengths?: readonly number[] },
): Map<string, NdArray> {
  const inputs = new Map<string, NdArray>();
  const rows = sizes.lengths ?? Array.from({ length: sizes.batch }, () => sizes.time);
  for (const { name, value } of graph.parameters) {
    const shape = value.type.shape.map((d) =>
      d.terms.reduce(
        (sum, t) => sum + t.coefficient * (t.symbol === 'B' ? sizes.batch : sizes.time),
        d.constant,
      ),
    );
    inputs.set(
      name,
      value.type.dtype === 'float'
        ? drawFloats(draw, shape)
        : ints(shape, name === 'lengths' ? rows : bits(draw, countOf(shape))),
    );
  }
  return inputs;
}

function bits(draw: () => number, count: number): number[] {
  return Array.from({ length: count }, () => Math.floor(draw() * 2));
}

export function floatParameters(graph: Graph): string[] {
  return graph.parameters.filter((p) => p.value.type.dtype === 'float').map((p) => p.name);
}
