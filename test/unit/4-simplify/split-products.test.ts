/** A product of values side by side becomes a sum of products, graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { splitProducts } from '../../../compiler/4-simplify/split-products.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed } from '../../../compiler/graph/dim.ts';
import { outlineOf, outsideOf, scanOf } from '../../support/outline.ts';

describe('splitProducts', () => {
  it('takes a concat of carry and x apart along the contracted axis', () => {
    const graph = scanOf({ W: [2, 5] }, (b, { a, x, weight }) => {
      const next = build.linear(b, build.concat(b, [a, x], 1), weight('W'));
      return { a: next, ys: [next] };
    });
    expect(outlineOf(splitProducts(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, a, c, x, lengths)
        slice1 = slice(W) {axis=1, length=<2>, start=<0>}
        dot1 = dot(a, slice1)
        slice2 = slice(W) {axis=1, length=<3>, start=<2>}
        dot2 = dot(x, slice2)
        add1 = add(dot1, dot2)
        -> a: add1, c: c, y0: add1
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('slices a weight that lies the other way round, and one on the left', () => {
    const graph = scanOf({ V: [5, 2], p: [5] }, (b, { a, x, weight }) => {
      const joined = build.concat(b, [x, a], 1);
      const next = build.dot(b, joined, weight('V'), { contract: [[1], [0]] });
      const score = build.dot(b, weight('p'), joined, { contract: [[0], [1]] });
      return { a: next, ys: [score] };
    });
    expect(outlineOf(splitProducts(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(V, p, a, c, x, lengths)
        slice1 = slice(V) {axis=0, length=<3>, start=<0>}
        dot1 = dot(x, slice1)
        slice2 = slice(V) {axis=0, length=<2>, start=<3>}
        dot2 = dot(a, slice2)
        add1 = add(dot1, dot2)
        slice3 = slice(p) {axis=0, length=<3>, start=<0>}
        dot3 = dot(slice3, x)
        slice4 = slice(p) {axis=0, length=<2>, start=<3>}
        dot4 = dot(slice4, a)
        add2 = add(dot3, dot4)
        -> a: add1, c: c, y0: add2
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('takes a concat apart along a free axis', () => {
    const graph = scanOf({ W: [4, 1], V: [2, 3] }, (b, { a, x, weight }) => {
      const rows = [build.linear(b, x, weight('V')), a].map((v) =>
        build.reshape(b, v, [...v.type.shape, fixed(1)]),
      );
      const next = build.linear(b, build.concat(b, rows, 1), weight('W'));
      return { a: build.reduceSum(b, build.slice(b, next, 2, fixed(0), fixed(2)), [1]), ys: [a] };
    });
    expect(outlineOf(splitProducts(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, V, a, c, x, lengths)
        dot1 = dot(x, V)
        reshape1 = reshape(dot1)
        reshape2 = reshape(a)
        dot2 = dot(reshape1, W)
        dot3 = dot(reshape2, W)
        concat1 = concat(dot2, dot3) {axis=1}
        slice1 = slice(concat1) {axis=2, length=<2>, start=<0>}
        reduceSum1 = reduceSum(slice1) {axes=[1]}
        -> a: reduceSum1, c: c, y0: a
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('leaves a concat of carries, and one outside of a scan', () => {
    const carries = scanOf({ W: [2, 4] }, (b, { a, c, weight }) => ({
      a: build.linear(b, build.concat(b, [a, c], 1), weight('W')),
      ys: [a],
    }));
    expect(outlineOf(splitProducts(carries))).toBe(outlineOf(carries));
    const outside = outsideOf({ W: [2, 6] }, (b, x, [w = x]) => [
      build.linear(b, build.concat(b, [x, build.tanh(b, x)], 2), w),
    ]);
    expect(outlineOf(splitProducts(outside))).toBe(outlineOf(outside));
  });

  it('leaves a product with what varies as much as the whole', () => {
    const graph = scanOf({}, (b, { a, c, x }) => {
      const score = build.dot(b, build.concat(b, [a, x], 1), build.concat(b, [x, c], 1), {
        contract: [[1], [1]],
        batch: [[0], [0]],
      });
      return { a: build.mul(b, a, build.broadcast(b, score, a.type.shape, [0])), ys: [a] };
    });
    expect(outlineOf(splitProducts(graph))).toBe(outlineOf(graph));
  });
});
