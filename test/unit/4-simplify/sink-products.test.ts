/** Products that no step waits for go behind the loop: graph text in, graph text out. */
import { describe, expect, it } from 'vitest';
import { sinkProducts } from '../../../compiler/4-simplify/sink-products.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed } from '../../../compiler/graph/dim.ts';
import { outlineOf, scanOf } from '../../support/outline.ts';

describe('sinkProducts', () => {
  it('computes an output layer after the scan, zero past the lengths', () => {
    const graph = scanOf({ W: [2, 2], V: [4, 2], p: [4] }, (b, { a, weight }) => {
      const next = build.tanh(b, build.linear(b, a, weight('W')));
      const product = build.linear(b, next, weight('V'));
      const bias = build.broadcastTo(b, weight('p'), product.type.shape);
      return { a: next, ys: [build.exp(b, build.add(b, product, bias))] };
    });
    expect(outlineOf(sinkProducts(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, a, c, lengths)
        dot1 = dot(a, W)
        tanh1 = tanh(dot1)
        -> a: tanh1, c: c, needed7: tanh1
      broadcast1 = broadcast(p) {axes=[1]}
      dot1 = dot(scan1.2, V)
      broadcast2 = broadcast(broadcast1) {axes=[0, 2]}
      add1 = add(dot1, broadcast2)
      exp1 = exp(add1)
      iota1 = iota()
      broadcast3 = broadcast(iota1) {axes=[1]}
      broadcast4 = broadcast(lengths) {axes=[0]}
      less1 = less(broadcast3, broadcast4)
      broadcast5 = broadcast(less1) {axes=[0, 1]}
      constant1 = constant() {value=0}
      broadcast6 = broadcast(constant1) {axes=[]}
      select1 = select(broadcast5, exp1, broadcast6)
      -> final0: scan1, final1: scan1.1, y0: select1"
    `);
  });

  it('computes what comes of xs alone outside as well', () => {
    const graph = scanOf({ W: [2, 2], U: [2, 3] }, (b, { a, x, weight }) => {
      const gate = build.slice(b, build.tanh(b, x), 1, fixed(0), fixed(2));
      return { a: build.sin(b, a), ys: [build.mul(b, gate, build.linear(b, a, weight('W')))] };
    });
    expect(outlineOf(sinkProducts(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(a, c, lengths)
        sin1 = sin(a)
        -> a: sin1, c: c, needed2: a
      tanh1 = tanh(x)
      slice1 = slice(tanh1) {axis=2, length=<2>, start=<0>}
      dot1 = dot(scan1.2, W)
      mul1 = mul(slice1, dot1)
      iota1 = iota()
      broadcast1 = broadcast(iota1) {axes=[1]}
      broadcast2 = broadcast(lengths) {axes=[0]}
      less1 = less(broadcast1, broadcast2)
      broadcast3 = broadcast(less1) {axes=[0, 1]}
      constant1 = constant() {value=0}
      broadcast4 = broadcast(constant1) {axes=[]}
      select1 = select(broadcast3, mul1, broadcast4)
      -> final0: scan1, final1: scan1.1, y0: select1"
    `);
  });

  it('leaves a product that a carry depends on', () => {
    const graph = scanOf({ W: [2, 2] }, (b, { a, c, weight }) => {
      const product = build.linear(b, c, weight('W'));
      return { a: product, c: build.mul(b, a, c), ys: [build.exp(b, product)] };
    });
    expect(outlineOf(sinkProducts(graph))).toBe(outlineOf(graph));
  });

  it('leaves a product from which something follows that may be infinite', () => {
    const graph = scanOf({ W: [2, 2], V: [2, 2] }, (b, { a, c, weight }) => {
      const stays = build.log(b, build.linear(b, a, weight('W')));
      const goes = build.linear(b, c, weight('V'));
      return { a: build.tanh(b, a), c: build.sin(b, c), ys: [stays, goes] };
    });
    const sunk = outlineOf(sinkProducts(graph));
    expect(sunk).toMatchInlineSnapshot(`
      "scan1 = scan(W, a, c, lengths)
        dot1 = dot(a, W)
        log1 = log(dot1)
        tanh1 = tanh(a)
        sin1 = sin(c)
        -> a: tanh1, c: sin1, y0: log1, needed3: c
      dot1 = dot(scan1.3, V)
      iota1 = iota()
      broadcast1 = broadcast(iota1) {axes=[1]}
      broadcast2 = broadcast(lengths) {axes=[0]}
      less1 = less(broadcast1, broadcast2)
      broadcast3 = broadcast(less1) {axes=[0, 1]}
      constant1 = constant() {value=0}
      broadcast4 = broadcast(constant1) {axes=[]}
      select1 = select(broadcast3, dot1, broadcast4)
      -> final0: scan1, final1: scan1.1, y0: scan1.2, y1: select1"
    `);
  });

  it('leaves a product that would make the scan yield much more', () => {
    const graph = scanOf({ W: [2, 2] }, (b, { a, c, weight }) => {
      const parts = [build.tanh(b, a), build.sin(b, c), build.exp(b, a), build.cos(b, c)];
      const y = parts.reduce((sum, v) => build.mul(b, sum, v), build.linear(b, a, weight('W')));
      return { a: build.sin(b, a), c: build.tanh(b, c), ys: [y] };
    });
    expect(outlineOf(sinkProducts(graph))).toBe(outlineOf(graph));
  });
});
