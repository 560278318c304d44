/** Products of inputs alone leave the loop: graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { hoistProducts } from '../../../compiler/4-simplify/hoist-products.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { emitScan } from '../../../compiler/graph/scan.ts';
import { tensor } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { outlineOf, scanOf } from '../../support/outline.ts';

describe('hoistProducts', () => {
  it('takes a product of xs, its bias and what feeds it out of the loop', () => {
    const graph = scanOf({ W: [2, 2], U: [2, 3], p: [2] }, (b, { a, x, weight }) => {
      const bias = build.broadcastTo(b, weight('p'), a.type.shape);
      const ahead = build.add(b, build.linear(b, build.tanh(b, x), weight('U')), bias);
      const next = build.add(b, build.linear(b, a, weight('W')), ahead);
      return { a: next, ys: [build.tanh(b, x)] };
    });
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "broadcast1 = broadcast(p) {axes=[1]}
      tanh1 = tanh(x)
      dot1 = dot(tanh1, U)
      broadcast2 = broadcast(broadcast1) {axes=[0, 2]}
      add1 = add(dot1, broadcast2)
      scan1 = scan(W, a, c, x, add1, lengths)
        dot1 = dot(a, W)
        add1 = add(dot1, product9)
        tanh1 = tanh(x)
        -> a: add1, c: c, y0: tanh1
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('leaves the bias of a product that is read without it', () => {
    const graph = scanOf({ U: [2, 3], p: [2] }, (b, { a, x, weight }) => {
      const product = build.linear(b, x, weight('U'));
      const bias = build.broadcastTo(b, weight('p'), a.type.shape);
      return { a: build.mul(b, build.add(b, product, bias), a), ys: [product] };
    });
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "dot1 = dot(x, U)
      scan1 = scan(p, a, c, dot1, lengths)
        broadcast1 = broadcast(p) {axes=[1]}
        add1 = add(product5, broadcast1)
        mul1 = mul(add1, a)
        -> a: mul1, c: c, y0: product5
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('adds a slice of a product to another product ahead, but makes no x of a slice alone', () => {
    const graph = scanOf({ W: [4, 3], U: [2, 3], p: [2] }, (b, { a, x, weight }) => {
      const both = build.linear(b, x, weight('W'));
      const [low, high] = [0, 2].map((start) => build.slice(b, both, 1, fixed(start), fixed(2)));
      if (!low || !high) throw new Error('two slices');
      const sum = build.add(b, build.linear(b, build.tanh(b, x), weight('U')), low);
      const biased = build.add(b, high, build.broadcastTo(b, weight('p'), a.type.shape));
      return { a: build.mul(b, build.mul(b, sum, biased), a), ys: [a] };
    });
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "dot1 = dot(x, W)
      slice1 = slice(dot1) {axis=2, length=<2>, start=<0>}
      tanh1 = tanh(x)
      dot2 = dot(tanh1, U)
      add1 = add(dot2, slice1)
      scan1 = scan(p, a, c, dot1, add1, lengths)
        slice1 = slice(product6) {axis=1, length=<2>, start=<2>}
        broadcast1 = broadcast(p) {axes=[1]}
        add1 = add(slice1, broadcast1)
        mul1 = mul(product11, add1)
        mul2 = mul(mul1, a)
        -> a: mul2, c: c, y0: a
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('leaves the sum of a product and something elementwise of an x', () => {
    const graph = scanOf({ U: [3, 3] }, (b, { a, x, weight }) => {
      const sum = build.add(b, build.linear(b, x, weight('U')), build.tanh(b, x));
      return { a: build.mul(b, a, build.slice(b, sum, 1, fixed(0), fixed(2))), ys: [a] };
    });
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "dot1 = dot(x, U)
      scan1 = scan(a, c, x, dot1, lengths)
        tanh1 = tanh(x)
        add1 = add(product4, tanh1)
        slice1 = slice(add1) {axis=1, length=<2>, start=<0>}
        mul1 = mul(a, slice1)
        -> a: mul1, c: c, y0: a
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('takes a product of a product, but nothing elementwise alone', () => {
    const graph = scanOf({ U: [3, 3], V: [2, 3] }, (b, { a, x, weight }) => {
      const inner = build.sigmoid(b, build.linear(b, x, weight('U')));
      const gate = build.sigmoid(b, build.linear(b, inner, weight('V')));
      return { a: build.mul(b, gate, a), ys: [build.exp(b, x)] };
    });
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "dot1 = dot(x, U)
      sigmoid1 = sigmoid(dot1)
      dot2 = dot(sigmoid1, V)
      scan1 = scan(a, c, x, dot2, lengths)
        sigmoid1 = sigmoid(product7)
        mul1 = mul(sigmoid1, a)
        exp1 = exp(x)
        -> a: mul1, c: c, y0: exp1
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('joins two rows by batch', () => {
    const graph = scanOf({}, (b, { a, x }) => {
      const score = build.dot(b, x, build.sin(b, x), { contract: [[1], [1]], batch: [[0], [0]] });
      return { a: build.mul(b, a, build.broadcast(b, score, a.type.shape, [0])), ys: [a] };
    });
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "sin1 = sin(x)
      dot1 = dot(x, sin1)
      scan1 = scan(a, c, dot1, lengths)
        broadcast1 = broadcast(product4) {axes=[0]}
        mul1 = mul(a, broadcast1)
        -> a: mul1, c: c, y0: a
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it.each([
    ['a logarithm', false, 'log'],
    ['a root', false, 'sqrt'],
    ['the logarithm of what is positive', true, 'logExp'],
    ['a quotient by what may be zero', false, 'div'],
    ['a quotient by what is positive', true, 'divExp'],
  ] as const)('%s before a product goes with it: %s', (_name, goes, form) => {
    const graph = scanOf({ U: [2, 3] }, (b, { a, x, weight }) => {
      const forms = {
        log: () => build.log(b, x),
        sqrt: () => build.sqrt(b, x),
        logExp: () => build.log(b, build.add(b, build.constant(b, 0.5), build.abs(b, x))),
        div: () => build.div(b, x, x),
        divExp: () => build.div(b, x, build.exp(b, x)),
      };
      const product = build.linear(b, forms[form](), weight('U'));
      return { a: build.mul(b, product, a), ys: [a] };
    });
    const body = outlineOf(hoistProducts(graph))
      .split('\n')
      .filter((line) => line.startsWith('  '));
    expect(body.some((line) => line.includes('dot('))).toBe(!goes);
  });

  it('leaves what depends on a carry, and an indexed table', () => {
    const b = new GraphBuilder();
    const [batch, time, two] = [symbol('B'), symbol('T'), fixed(2)];
    const table = b.parameter('E', tensor('float', [two, two]), 'weight');
    const ids = b.parameter('ids', tensor('int', [batch, time]), 'input');
    const state = b.parameter('a', tensor('float', [batch, two]), 'state');
    const inside = new GraphBuilder();
    const own = inside.parameter('E', table.type, 'local');
    const a = inside.parameter('a', state.type, 'local');
    const id = inside.parameter('id', tensor('int', [batch]), 'local');
    const row = build.linear(inside, build.gather(inside, own, id), own);
    const next = build.add(inside, build.linear(inside, a, own), row);
    const body = inside.finish('step', [{ name: 'a', value: next }]);
    const scan = { constants: [table], carries: [state], xs: [ids], lengths: undefined };
    const { finals } = emitScan(b, { ...scan, reverse: false, time, body });
    const graph = b.finish('test', [{ name: 'y', value: finals[0] ?? state }]);
    expect(outlineOf(hoistProducts(graph))).toBe(outlineOf(graph));
  });

  it('takes a product out of a scan in a scan', () => {
    const b = new GraphBuilder();
    const [batch, time, steps, two] = [symbol('B'), symbol('T'), symbol('S'), fixed(2)];
    const weight = b.parameter('W', tensor('float', [two, two]), 'weight');
    const x = b.parameter('x', tensor('float', [batch, time, steps, two]), 'input');
    const state = b.parameter('a', tensor('float', [batch, two]), 'state');
    const step = new GraphBuilder();
    const [w, s, at] = [weight.type, state.type, state.type].map((type, i) =>
      step.parameter(`p${i}`, type, 'local'),
    );
    if (!w || !s || !at) throw new Error('three parameters');
    const next = build.tanh(step, build.add(step, s, build.linear(step, at, w)));
    const row = new GraphBuilder();
    const [rowW, rowS, rowX] = [weight.type, s.type, tensor('float', [batch, steps, two])].map(
      (type, i) => row.parameter(`q${i}`, type, 'local'),
    );
    if (!rowW || !rowS || !rowX) throw new Error('three parameters');
    const plain = { lengths: undefined, reverse: false };
    const inner = emitScan(row, {
      ...plain,
      constants: [rowW],
      carries: [rowS],
      xs: [rowX],
      time: steps,
      body: step.finish('step', [{ name: 's', value: next }]),
    });
    const outer = emitScan(b, {
      ...plain,
      constants: [weight],
      carries: [state],
      xs: [x],
      time,
      body: row.finish('row', [{ name: 's', value: inner.finals[0] ?? rowS }]),
    });
    const graph = b.finish('test', [{ name: 'y', value: outer.finals[0] ?? state }]);
    expect(outlineOf(hoistProducts(graph))).toMatchInlineSnapshot(`
      "dot1 = dot(x, W)
      scan1 = scan(a, dot1)
        scan1 = scan(q1, product4)
          add1 = add(p1, product3)
          tanh1 = tanh(add1)
          -> s: tanh1
        -> s: scan1
      -> y: scan1"
    `);
  });
});
