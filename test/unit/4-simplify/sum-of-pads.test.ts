/** Padded values that tile an axis are set side by side, graph text in and graph text out. */
import { describe, expect, it } from 'vitest';
import { sumOfPads } from '../../../compiler/4-simplify/sum-of-pads.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, subtractDims, symbol } from '../../../compiler/graph/dim.ts';
import { tensor, type Builder, type Value } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { outlineOf, outsideOf } from '../../support/outline.ts';

/** x at `before` within an axis of 9. */
function at(b: Builder, x: Value, before: number, axis = 2): Value {
  return build.pad(b, x, axis, fixed(before), fixed(6 - before));
}

function after(make: (b: Builder, x: Value) => Value): string {
  return outlineOf(sumOfPads(outsideOf({}, (b, x) => [make(b, x)])));
}

const sum = (b: Builder, ...terms: readonly Value[]): Value =>
  terms.reduceRight((total, v) => build.add(b, v, total));

describe('sumOfPads', () => {
  it('puts pads side by side that fill the axis, in whatever order', () => {
    expect(
      after((b, x) => sum(b, at(b, build.sin(b, x), 6), at(b, x, 0), at(b, build.cos(b, x), 3))),
    ).toMatchInlineSnapshot(`
      "sin1 = sin(x)
      cos1 = cos(x)
      concat1 = concat(x, cos1) {axis=2}
      concat2 = concat(concat1, sin1) {axis=2}
      -> y0: concat2"
    `);
  });

  it('pads what does not fill it, and keeps the other terms', () => {
    expect(after((b, x) => sum(b, at(b, x, 6), build.concat(b, [x, x, x], 2), at(b, x, 3))))
      .toMatchInlineSnapshot(`
      "concat1 = concat(x, x, x) {axis=2}
      concat2 = concat(x, x) {axis=2}
      pad1 = pad(concat2) {after=<0>, axis=2, before=<3>}
      add1 = add(concat1, pad1)
      -> y0: add1"
    `);
  });

  it('adds what lies in the same place', () => {
    expect(after((b, x) => sum(b, at(b, x, 3), at(b, build.sin(b, x), 3)))).toMatchInlineSnapshot(`
      "sin1 = sin(x)
      add1 = add(x, sin1)
      pad1 = pad(add1) {after=<3>, axis=2, before=<3>}
      -> y0: pad1"
    `);
  });

  it('leaves pads with a gap between them, that overlap, or along other axes', () => {
    for (const make of [
      (b: Builder, x: Value) => sum(b, at(b, x, 0), at(b, x, 6)),
      (b: Builder, x: Value) => sum(b, at(b, x, 0), at(b, x, 2)),
    ]) {
      expect(after(make)).toBe(outlineOf(outsideOf({}, (b, x) => [make(b, x)])));
    }
    const b = new GraphBuilder();
    const x = b.parameter('x', tensor('float', [fixed(2), fixed(2)]), 'input');
    const pads = [
      build.pad(b, build.slice(b, x, 0, fixed(0), fixed(1)), 0, fixed(0), fixed(1)),
      build.pad(b, build.slice(b, x, 1, fixed(0), fixed(1)), 1, fixed(1), fixed(0)),
    ];
    const graph = b.finish('test', [{ name: 'y', value: sum(b, ...pads) }]);
    expect(outlineOf(sumOfPads(graph))).toBe(outlineOf(graph));
  });

  it('leaves a sum that somebody else reads', () => {
    const make = (b: Builder, x: Value): Value => {
      const inner = sum(b, at(b, x, 0), at(b, x, 6));
      return build.mul(b, sum(b, inner, at(b, x, 3)), inner);
    };
    expect(after(make)).toBe(outlineOf(outsideOf({}, (b, x) => [make(b, x)])));
  });

  it('reads sizes that are symbols', () => {
    const b = new GraphBuilder();
    const [wide, two] = [symbol('D'), fixed(2)];
    const x = b.parameter('x', tensor('float', [wide]), 'input');
    const y = b.parameter('y', tensor('float', [two]), 'input');
    const total = build.add(
      b,
      build.pad(b, y, 0, wide, fixed(0)),
      build.pad(b, x, 0, fixed(0), subtractDims(two, fixed(0))),
    );
    const graph = b.finish('test', [{ name: 'y', value: total }]);
    expect(outlineOf(sumOfPads(graph))).toMatchInlineSnapshot(`
      "concat1 = concat(x, y) {axis=0}
      -> y: concat1"
    `);
  });
});
