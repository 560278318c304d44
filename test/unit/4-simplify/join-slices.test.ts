/** Slices that lie side by side become one, graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { joinSlices } from '../../../compiler/4-simplify/join-slices.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { tensor, type Builder, type Value } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { outlineOf, outsideOf } from '../../support/outline.ts';

const f = fixed;

/** The outline of y = make(x), x [B, T, 3], with lines joined. */
function after(make: (b: Builder, x: Value, weights: readonly Value[]) => Value): string {
  const weights = { W: [2, 3], p: [3], q: [2], s: [] };
  return outlineOf(joinSlices(outsideOf(weights, (b, x, w) => [make(b, x, w)])));
}

describe('joinSlices', () => {
  it('cuts a part of a concat, or several whole ones', () => {
    const parts = (b: Builder, x: Value): Value[] => [x, build.exp(b, x), build.sin(b, x)];
    const cut = (start: number, length: number): string =>
      after((b, x) => build.slice(b, build.concat(b, parts(b, x), 2), 2, f(start), f(length)));
    expect(cut(4, 2)).toMatchInlineSnapshot(`
      "exp1 = exp(x)
      slice1 = slice(exp1) {axis=2, length=<2>, start=<1>}
      -> y0: slice1"
    `);
    expect(cut(0, 6)).toMatchInlineSnapshot(`
      "exp1 = exp(x)
      concat1 = concat(x, exp1) {axis=2}
      -> y0: concat1"
    `);
    expect(cut(3, 6)).toMatchInlineSnapshot(`
      "exp1 = exp(x)
      sin1 = sin(x)
      concat1 = concat(exp1, sin1) {axis=2}
      -> y0: concat1"
    `);
    expect(cut(2, 2)).toMatchInlineSnapshot(`
      "exp1 = exp(x)
      sin1 = sin(x)
      concat1 = concat(x, exp1, sin1) {axis=2}
      slice1 = slice(concat1) {axis=2, length=<2>, start=<2>}
      -> y0: slice1"
    `);
  });

  it('knows that symbols are sizes', () => {
    const b = new GraphBuilder();
    const wide = symbol('D');
    const x = b.parameter('x', tensor('float', [wide, wide]), 'input');
    const y = b.parameter('y', tensor('float', [wide, f(2)]), 'input');
    const joined = build.concat(b, [x, y, x], 1);
    const graph = b.finish('test', [
      { name: 'second', value: build.slice(b, joined, 1, wide, f(1)) },
      { name: 'unclear', value: build.slice(b, joined, 1, f(0), f(2)) },
    ]);
    expect(outlineOf(joinSlices(graph))).toMatchInlineSnapshot(`
      "concat1 = concat(x, y, x) {axis=1}
      slice1 = slice(y) {axis=1, length=<1>, start=<0>}
      slice2 = slice(concat1) {axis=1, length=<2>, start=<0>}
      -> second: slice1, unclear: slice2"
    `);
  });

  it('cuts what was padded', () => {
    const cut = (start: number): string =>
      after((b, x) => build.slice(b, build.pad(b, x, 2, f(1), f(2)), 2, f(start), f(2)));
    expect(cut(1)).toMatchInlineSnapshot(`
      "slice1 = slice(x) {axis=2, length=<2>, start=<0>}
      -> y0: slice1"
    `);
    expect(cut(2)).toMatchInlineSnapshot(`
      "slice1 = slice(x) {axis=2, length=<2>, start=<1>}
      -> y0: slice1"
    `);
    expect(cut(3)).toContain('pad(x)');
  });

  it('joins slices that follow one another, and concats', () => {
    const pieces = (b: Builder, x: Value, ...cuts: readonly [number, number][]): Value =>
      build.concat(
        b,
        cuts.map(([start, length]) => build.slice(b, x, 2, f(start), f(length))),
        2,
      );
    expect(after((b, x) => pieces(b, x, [0, 1], [1, 1], [2, 1]))).toBe('-> y0: x');
    expect(after((b, x) => pieces(b, x, [1, 1], [2, 1], [0, 1]))).toMatchInlineSnapshot(`
      "slice1 = slice(x) {axis=2, length=<1>, start=<0>}
      slice2 = slice(x) {axis=2, length=<2>, start=<1>}
      concat1 = concat(slice2, slice1) {axis=2}
      -> y0: concat1"
    `);
    expect(after((b, x) => pieces(b, x, [1, 1], [0, 1]))).toMatchInlineSnapshot(`
      "slice1 = slice(x) {axis=2, length=<1>, start=<1>}
      slice2 = slice(x) {axis=2, length=<1>, start=<0>}
      concat1 = concat(slice1, slice2) {axis=2}
      -> y0: concat1"
    `);
    const nested = (axis: number): string =>
      after((b, x) => {
        const two = build.concat(b, [x, build.sin(b, x)], axis);
        return build.concat(b, [two, two], 2);
      });
    expect(nested(2)).toMatchInlineSnapshot(`
      "sin1 = sin(x)
      concat1 = concat(x, sin1, x, sin1) {axis=2}
      -> y0: concat1"
    `);
    expect(nested(0)).toContain('concat(concat1, concat1) {axis=2}');
  });

  it('repeats a concat instead of joining what is repeated', () => {
    expect(
      after((b, x, [, p = x, q = x]) => {
        const rows = [p, q].map((v) => build.broadcast(b, v, [f(4), ...v.type.shape], [1]));
        return build.concat(b, rows, 1);
      }),
    ).toMatchInlineSnapshot(`
      "concat1 = concat(p, q) {axis=0}
      broadcast1 = broadcast(concat1) {axes=[1]}
      -> y0: broadcast1"
    `);
    expect(
      after((b, x, [, p = x]) => {
        const rows = build.broadcast(b, p, [f(4), ...p.type.shape], [1]);
        return build.concat(b, [rows, rows], 0);
      }),
    ).toContain('concat(broadcast1, broadcast1)');
  });
});
