/** Sums in an order in which products can meet, graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { regroupSums } from '../../../compiler/4-simplify/regroup-sums.ts';
import * as build from '../../../compiler/graph/build.ts';
import type { Builder, Value } from '../../../compiler/graph/types.ts';
import { outlineOf, scanOf } from '../../support/outline.ts';

const sum = (b: Builder, ...terms: readonly Value[]): Value =>
  terms.reduce((total, v) => build.add(b, total, v));

describe('regroupSums', () => {
  it('puts the product of an x and what does not vary together, after a product of a carry', () => {
    const graph = scanOf({ W: [2, 2], U: [2, 3], p: [2] }, (b, { a, c, x, weight }) => {
      const bias = build.broadcastTo(b, weight('p'), a.type.shape);
      const next = sum(
        b,
        bias,
        build.mul(b, c, bias),
        build.linear(b, a, weight('W')),
        build.linear(b, x, weight('U')),
      );
      return { a: next, ys: [a] };
    });
    expect(outlineOf(regroupSums(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, U, p, a, c, x, lengths)
        broadcast1 = broadcast(p) {axes=[1]}
        mul1 = mul(c, broadcast1)
        dot1 = dot(a, W)
        dot2 = dot(x, U)
        add1 = add(dot2, broadcast1)
        add2 = add(dot1, add1)
        add3 = add(add2, mul1)
        -> a: add3, c: c, y0: a
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('stops at a sum that somebody else reads', () => {
    const graph = scanOf({ W: [2, 2], U: [2, 3] }, (b, { a, c, x, weight }) => {
      const shared = build.add(b, build.linear(b, x, weight('U')), c);
      return { a: sum(b, build.linear(b, a, weight('W')), shared), ys: [shared] };
    });
    expect(outlineOf(regroupSums(graph))).toBe(outlineOf(graph));
  });

  it('leaves sums without a product of an x, and those that leave the loop as they are', () => {
    const graph = scanOf({ W: [2, 2], U: [2, 3], p: [2] }, (b, { a, x, weight }) => {
      const bias = build.broadcastTo(b, weight('p'), a.type.shape);
      const own = sum(b, bias, build.linear(b, a, weight('W')), a);
      const ahead = sum(b, bias, build.linear(b, x, weight('U')));
      return { a: build.mul(b, own, ahead), ys: [a] };
    });
    expect(outlineOf(regroupSums(graph))).toBe(outlineOf(graph));
  });
});
