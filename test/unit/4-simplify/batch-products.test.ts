/**
 * How many products the graph of a training step has at each time step and outside: the point of
 * the passes. That numbers stay is a law of test/property.
 */
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../../compiler/3-differentiate/gradient-graph.ts';
import { trainingStep } from '../../../compiler/3-differentiate/training-step.ts';
import {
  batchProducts,
  cleanUpGradient,
  gradientPasses,
  productPasses,
} from '../../../compiler/4-simplify/batch-products.ts';
import { passes } from '../../../compiler/4-simplify/simplify.ts';
import type { Graph } from '../../../compiler/graph/types.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { bodyOf, countOps, scansOf } from '../../support/graph-queries.ts';
import { compiled } from '../../support/models.ts';
import { outlineOf } from '../../support/outline.ts';

/** x [B, T, 3] through the stage, a loss, and adam. */
function training(stage: string, width = 4, definitions = ''): Graph {
  const text = `${definitions}
model m() {
  input x: float[T, 3]
  input target: float[T, ${width}]
  output y = x -> ${stage}
  loss mse(y, target)
  train adam(rate = 0.01)
}
`;
  const model = compiled(text, { mode: 'training' });
  const { optimizer } = model.training;
  if (optimizer === undefined) throw new Error('an optimizer is given');
  const graph = batchProducts(model.graph, verify);
  return cleanUpGradient(trainingStep({ ...model, graph }, { optimizer }), verify);
}

/** Products at each step of each scan, forward ones first, and those outside. */
function products(graph: Graph): string {
  const inside = scansOf(graph).map((scan) => countOps(bodyOf(scan), 'dot'));
  return `${inside.join(' ')} | ${countOps(graph, 'dot')}`;
}

const rows: readonly (readonly [stage: string, width: number, expected: string])[] = [
  ['rnn(4)', 4, '1 1 | 3'],
  ['simpleGru(4)', 4, '1 1 | 3'],
  ['gru(4)', 4, '2 2 | 4'],
  ['gru(4, reset = after)', 4, '1 1 | 3'],
  ['lstm(4)', 4, '1 1 | 3'],
  ['slideLstm(4)', 4, '1 1 | 3'],
  ['coupledLstm(4)', 4, '1 1 | 3'],
  ['peephole(4)', 4, '2 2 | 4'],
  ['peephole(4, connections = diagonal)', 4, '1 1 | 3'],
  // The second layer also hands a cotangent down to the first.
  ['lstm(4, depth = 2)', 4, '1 1 1 1 | 7'],
  ['bidirectional(lstm(2))', 4, '1 1 1 1 | 6'],
  ['lstm(5) -> dense(4)', 4, '1 1 | 6'],
];

describe('the graph of a training step', () => {
  it.each(rows)('%s', (stage, width, expected) => {
    expect(products(training(stage, width))).toBe(expected);
  });

  it('has no products at a step but those of carries, whatever the cell', () => {
    const cell = `cell own(n, k = 3) {
  state a: [n]
  weight Wv: [n, width(x)]
  weight Wy: [k, n + width(x)]
  v = tanh(Wv[x<t>] + bv)
  a<t> = tanh(Wa[v, a<t-1>, x<t>] + ba)
  emit softmax(Wy[a<t>, x<t>] + by)
}
`;
    const graph = training('own(4)', 3, cell);
    // Inside there is a W_a alone. Outside: x with three weights, v W_v, a W_y; then the gradients
    // of x's weights, of v's and of a's two, and the cotangents of v and of the emitted a.
    expect(products(graph)).toBe('1 1 | 9');
    const [forward] = scansOf(graph);
    expect(forward && bodyOf(forward).instructions.map((i) => i.op)).toEqual([
      'dot',
      'add',
      'tanh',
    ]);
  });

  it('computes a product of a carry once more where residuals are recomputed', () => {
    const model = compiled('lstm(4)', { mode: 'training' });
    const batched = { ...model, graph: batchProducts(model.graph, verify) };
    const graph = cleanUpGradient(gradientGraph(batched, { residuals: 'recompute' }), verify);
    expect(products(graph)).toBe('1 2 | 4');
  });
});

it('gives an lstm one product of x and one of a, each with all four gates', () => {
  const model = compiled('lstm(4)', { mode: 'training' });
  expect(outlineOf(batchProducts(model.graph, verify))).toMatchInlineSnapshot(`
    "iota1 = iota()
    broadcast1 = broadcast(iota1) {axes=[1]}
    broadcast2 = broadcast(lengths) {axes=[0]}
    less1 = less(broadcast1, broadcast2)
    broadcast3 = broadcast(less1) {axes=[0, 1]}
    constant1 = constant() {value=0}
    broadcast4 = broadcast(constant1) {axes=[]}
    select1 = select(broadcast3, x, broadcast4)
    slice1 = slice(lstm.Wc) {axis=1, length=<D>, start=<4>}
    slice2 = slice(lstm.Wu) {axis=1, length=<D>, start=<4>}
    slice3 = slice(lstm.Wf) {axis=1, length=<D>, start=<4>}
    slice4 = slice(lstm.Wo) {axis=1, length=<D>, start=<4>}
    concat1 = concat(slice1, slice2, slice3, slice4) {axis=0}
    dot1 = dot(select1, concat1)
    concat2 = concat(lstm.bc, lstm.bu, lstm.bf, lstm.bo) {axis=0}
    broadcast5 = broadcast(concat2) {axes=[2]}
    add1 = add(dot1, broadcast5)
    slice5 = slice(lstm.Wc) {axis=1, length=<4>, start=<0>}
    slice6 = slice(lstm.Wu) {axis=1, length=<4>, start=<0>}
    slice7 = slice(lstm.Wf) {axis=1, length=<4>, start=<0>}
    slice8 = slice(lstm.Wo) {axis=1, length=<4>, start=<0>}
    concat3 = concat(slice5, slice6, slice7, slice8) {axis=0}
    scan1 = scan(concat3, lstm.a0, lstm.c0, add1, lengths)
      dot1 = dot(a, invariant11)
      add1 = add(dot1, product70)
      slice1 = slice(add1) {axis=1, length=<4>, start=<0>}
      tanh1 = tanh(slice1)
      slice2 = slice(add1) {axis=1, length=<4>, start=<4>}
      sigmoid1 = sigmoid(slice2)
      slice3 = slice(add1) {axis=1, length=<4>, start=<8>}
      sigmoid2 = sigmoid(slice3)
      slice4 = slice(add1) {axis=1, length=<4>, start=<12>}
      sigmoid3 = sigmoid(slice4)
      mul1 = mul(sigmoid1, tanh1)
      mul2 = mul(sigmoid2, c)
      add2 = add(mul1, mul2)
      tanh2 = tanh(add2)
      mul3 = mul(sigmoid3, tanh2)
      -> a: mul3, c: add2, y: mul3
    broadcast6 = broadcast(less1) {axes=[0, 1]}
    broadcast7 = broadcast(constant1) {axes=[]}
    select2 = select(broadcast6, scan1.2, broadcast7)
    -> lstm.an: scan1, lstm.cn: scan1.1, y: select2"
  `);
});

it('lists passes under names of their own', () => {
  for (const list of [productPasses, gradientPasses]) {
    const names = [...list, ...passes].map((p) => p.name);
    expect(new Set(names).size).toBe(names.length);
  }
});

it('shows the graph after every pass', () => {
  const { graph } = compiled('rnn(2)');
  const seen = new Set<string>();
  batchProducts(graph, (_graph, pass) => seen.add(pass));
  for (const pass of [...productPasses, ...passes]) expect(seen).toContain(pass.name);
  seen.clear();
  cleanUpGradient(graph, (_graph, pass) => seen.add(pass));
  for (const pass of [...gradientPasses, ...passes]) expect(seen).toContain(pass.name);
});
