/** Products of one operand with several weights become one, graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { hoistProducts } from '../../../compiler/4-simplify/hoist-products.ts';
import { mergeProducts } from '../../../compiler/4-simplify/merge-products.ts';
import * as build from '../../../compiler/graph/build.ts';
import { outlineOf, outsideOf, scanOf } from '../../support/outline.ts';

describe('mergeProducts', () => {
  it('makes one product of several with one carry, in the order of first appearance', () => {
    const graph = scanOf({ W: [2, 2], V: [3, 2], U: [2, 2], Q: [2, 3] }, (b, at) => {
      const { a, c, weight } = at;
      const first = build.linear(b, a, weight('V'));
      const next = build.mul(b, build.linear(b, a, weight('W')), c);
      const last = build.linear(b, build.sin(b, next), weight('U'));
      const own = build.tanh(b, build.linear(b, a, weight('U')));
      const both = build.add(b, last, build.linear(b, first, weight('Q')));
      return { a: own, c: both, ys: [own] };
    });
    expect(outlineOf(mergeProducts(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, V, U, Q, a, c, lengths)
        concat1 = concat(V, W, U) {axis=0}
        dot1 = dot(a, concat1)
        slice1 = slice(dot1) {axis=1, length=<3>, start=<0>}
        slice2 = slice(dot1) {axis=1, length=<2>, start=<3>}
        slice3 = slice(dot1) {axis=1, length=<2>, start=<5>}
        mul1 = mul(slice2, c)
        sin1 = sin(mul1)
        dot2 = dot(sin1, U)
        tanh1 = tanh(slice3)
        dot3 = dot(slice1, Q)
        add1 = add(dot2, dot3)
        -> a: tanh1, c: add1, y0: tanh1
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('keeps weights apart that lie differently', () => {
    const graph = scanOf({ W: [2, 2], V: [2, 2] }, (b, { a, weight }) => ({
      a: build.linear(b, a, weight('W')),
      c: build.dot(b, a, weight('V'), { contract: [[1], [0]] }),
      ys: [a],
    }));
    expect(outlineOf(mergeProducts(graph))).toBe(outlineOf(graph));
  });

  it('keeps apart what a carry depends on and what may go after the scan', () => {
    const graph = scanOf({ W: [2, 2], V: [2, 2] }, (b, { a, weight }) => ({
      a: build.linear(b, a, weight('W')),
      ys: [build.linear(b, a, weight('V'))],
    }));
    expect(outlineOf(mergeProducts(graph))).toBe(outlineOf(graph));
  });

  it('leaves what a scan reads step by step alone', () => {
    const graph = hoistProducts(
      scanOf({ W: [2, 3], V: [2, 3], p: [2] }, (b, { a, c, x, weight }) => {
        const bias = build.broadcastTo(b, weight('p'), a.type.shape);
        const [w, v] = [build.linear(b, x, weight('W')), build.linear(b, x, weight('V'))];
        return { a: build.mul(b, a, w), c: build.mul(b, c, build.add(b, bias, v)), ys: [] };
      }),
    );
    expect(outlineOf(mergeProducts(graph))).toBe(outlineOf(graph));
  });

  it('merges outside of scans, weights on the left as well', () => {
    const graph = outsideOf({ W: [2, 3], V: [4, 3], p: [3] }, (b, x, [w = x, v = x, p = x]) => {
      const onLeft = (weight: typeof x): typeof x =>
        build.dot(b, weight, x, { contract: [[1], [2]] });
      return [
        build.linear(b, x, w),
        onLeft(w),
        build.linear(b, x, v),
        onLeft(v),
        // No free axis to put it next to another.
        build.dot(b, x, p, { contract: [[2], [0]] }),
      ];
    });
    expect(outlineOf(mergeProducts(graph))).toMatchInlineSnapshot(`
      "concat1 = concat(W, V) {axis=0}
      dot1 = dot(x, concat1)
      slice1 = slice(dot1) {axis=2, length=<2>, start=<0>}
      slice2 = slice(dot1) {axis=2, length=<4>, start=<2>}
      concat2 = concat(W, V) {axis=0}
      dot2 = dot(concat2, x)
      slice3 = slice(dot2) {axis=0, length=<2>, start=<0>}
      slice4 = slice(dot2) {axis=0, length=<4>, start=<2>}
      dot3 = dot(x, p)
      -> y0: slice1, y1: slice3, y2: slice2, y3: slice4, y4: dot3"
    `);
  });

  it('leaves products with data on both sides', () => {
    const graph = outsideOf({ W: [3, 3] }, (b, x, [w = x]) => {
      const y = build.linear(b, x, w);
      const axes = {
        contract: [
          [0, 1],
          [0, 1],
        ] as const,
      };
      return [build.dot(b, x, y, axes), build.dot(b, x, build.tanh(b, y), axes)];
    });
    expect(outlineOf(mergeProducts(graph))).toBe(outlineOf(graph));
  });
});
