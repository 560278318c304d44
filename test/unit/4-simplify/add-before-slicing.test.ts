/** Sums come before the slices of their terms: graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { addBeforeSlicing } from '../../../compiler/4-simplify/add-before-slicing.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed } from '../../../compiler/graph/dim.ts';
import type { Builder, Value } from '../../../compiler/graph/types.ts';
import { outlineOf, scanOf } from '../../support/outline.ts';

const [one, two, four] = [fixed(1), fixed(2), fixed(4)];
const low = (b: Builder, v: Value): Value => build.slice(b, v, 1, fixed(0), two);
const high = (b: Builder, v: Value): Value => build.slice(b, v, 1, two, two);
const weights = { W: [4, 2], U: [4, 3], p: [2], q: [2] };

describe('addBeforeSlicing', () => {
  it('adds what does not vary to the whole product', () => {
    const graph = scanOf(weights, (b, { a, weight }) => {
      const product = build.linear(b, a, weight('W'));
      const [p, q] = ['p', 'q'].map((n) => build.broadcastTo(b, weight(n), a.type.shape));
      if (!p || !q) throw new Error('two biases');
      const gates = [build.add(b, q, high(b, product)), build.add(b, low(b, product), p)];
      return { a: build.mul(b, gates[0] ?? p, gates[1] ?? q), ys: [a] };
    });
    expect(outlineOf(addBeforeSlicing(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, p, q, a, c, lengths)
        broadcast1 = broadcast(p) {axes=[1]}
        broadcast2 = broadcast(q) {axes=[1]}
        dot1 = dot(a, W)
        concat1 = concat(broadcast1, broadcast2) {axis=1}
        add1 = add(dot1, concat1)
        slice1 = slice(add1) {axis=1, length=<2>, start=<2>}
        slice2 = slice(add1) {axis=1, length=<2>, start=<0>}
        mul1 = mul(slice1, slice2)
        -> a: mul1, c: c, y0: a
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('adds slices of another value, whole or a stretch of it', () => {
    const graph = scanOf({ ...weights, V: [6, 3] }, (b, { a, x, weight }) => {
      const product = build.linear(b, a, weight('W'));
      const whole = build.linear(b, x, weight('U'));
      const once = build.mul(
        b,
        build.add(b, low(b, product), low(b, whole)),
        build.add(b, high(b, product), high(b, whole)),
      );
      const other = build.linear(b, once, weight('W'));
      const longer = build.linear(b, x, weight('V'));
      const stretch = (v: Value): Value => build.slice(b, v, 1, two, four);
      const part = stretch(longer);
      const next = build.mul(
        b,
        build.add(b, low(b, other), low(b, part)),
        build.add(b, high(b, other), high(b, part)),
      );
      return { a: next, ys: [build.slice(b, longer, 1, one, two)] };
    });
    expect(outlineOf(addBeforeSlicing(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(W, U, V, a, c, x, lengths)
        dot1 = dot(a, W)
        dot2 = dot(x, U)
        add1 = add(dot1, dot2)
        slice1 = slice(add1) {axis=1, length=<2>, start=<0>}
        slice2 = slice(add1) {axis=1, length=<2>, start=<2>}
        mul1 = mul(slice1, slice2)
        dot3 = dot(mul1, W)
        dot4 = dot(x, V)
        slice3 = slice(dot4) {axis=1, length=<4>, start=<2>}
        add2 = add(dot3, slice3)
        slice4 = slice(add2) {axis=1, length=<2>, start=<0>}
        slice5 = slice(add2) {axis=1, length=<2>, start=<2>}
        mul2 = mul(slice4, slice5)
        slice6 = slice(dot4) {axis=1, length=<2>, start=<1>}
        -> a: mul2, c: c, y0: slice6
      -> final0: scan1, final1: scan1.1, y0: scan1.2"
    `);
  });

  it('leaves slices that overlap, that are not all, or that are read twice', () => {
    const graphs = [
      (b: Builder, v: Value, other: Value) => [
        build.add(b, low(b, v), other),
        build.add(b, build.slice(b, v, 1, one, two), other),
      ],
      (b: Builder, v: Value, other: Value) => [build.add(b, low(b, v), other), other],
      (b: Builder, v: Value, other: Value) => {
        const shared = high(b, v);
        return [build.add(b, low(b, v), other), build.mul(b, build.add(b, shared, other), shared)];
      },
    ].map((gates) =>
      scanOf(weights, (b, { a, weight }) => {
        const bias = build.broadcastTo(b, weight('p'), a.type.shape);
        const [u = a, v = a] = gates(b, build.linear(b, a, weight('W')), bias);
        return { a: build.mul(b, u, v), ys: [a] };
      }),
    );
    for (const graph of graphs) expect(outlineOf(addBeforeSlicing(graph))).toBe(outlineOf(graph));
  });

  it('leaves slices of another value that lie in another order', () => {
    const graph = scanOf(weights, (b, { a, x, weight }) => {
      const [product, other] = [build.linear(b, a, weight('W')), build.linear(b, x, weight('U'))];
      const gates = [
        build.add(b, low(b, product), high(b, other)),
        build.add(b, high(b, product), low(b, other)),
      ];
      return { a: build.mul(b, gates[0] ?? a, gates[1] ?? a), ys: [a] };
    });
    expect(outlineOf(addBeforeSlicing(graph))).toBe(outlineOf(graph));
  });

  it('leaves what would have to be put together at each step', () => {
    const graph = scanOf(weights, (b, { a, c, weight }) => {
      const product = build.linear(b, a, weight('W'));
      const gates = [build.add(b, low(b, product), c), build.add(b, high(b, product), a)];
      return { a: build.mul(b, gates[0] ?? a, gates[1] ?? a), ys: [a] };
    });
    expect(outlineOf(addBeforeSlicing(graph))).toBe(outlineOf(graph));
  });
});
