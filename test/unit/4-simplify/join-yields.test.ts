/** A y that is part of another one becomes a slice of it, graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { joinYields } from '../../../compiler/4-simplify/join-yields.ts';
import * as build from '../../../compiler/graph/build.ts';
import { outlineOf, scanOf } from '../../support/outline.ts';

describe('joinYields', () => {
  it('cuts a y out of another that holds it, through a third one too', () => {
    const graph = scanOf({}, (b, { a, c, x }) => {
      const [p, q, r] = [build.sin(b, x), build.sin(b, a), build.sin(b, c)];
      const [some, all] = [build.concat(b, [q, r], 1), build.concat(b, [p, q, r], 1)];
      return { a: q, c: r, ys: [some, r, all, p] };
    });
    expect(outlineOf(joinYields(graph))).toMatchInlineSnapshot(`
      "scan1 = scan(a, c, x, lengths)
        sin1 = sin(x)
        sin2 = sin(a)
        sin3 = sin(c)
        concat1 = concat(sin1, sin2, sin3) {axis=1}
        -> a: sin2, c: sin3, y2: concat1
      slice1 = slice(scan1.2) {axis=2, length=<4>, start=<3>}
      slice2 = slice(scan1.2) {axis=2, length=<2>, start=<5>}
      slice3 = slice(scan1.2) {axis=2, length=<3>, start=<0>}
      -> final0: scan1, final1: scan1.1, y0: slice1, y1: slice2, y2: scan1.2, y3: slice3"
    `);
  });

  it('leaves parts that do not stand together, and equal ys', () => {
    const graph = scanOf({}, (b, { a, c, x }) => {
      const [q, r] = [build.sin(b, a), build.sin(b, c)];
      const all = build.concat(b, [q, x, r], 1);
      return { a: q, c: r, ys: [build.concat(b, [q, r], 1), all, all] };
    });
    expect(outlineOf(joinYields(graph))).toBe(outlineOf(graph));
  });
});
