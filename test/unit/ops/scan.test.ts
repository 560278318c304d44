/** The meaning of scan: carries, lengths, direction, no steps at all. */
import { describe, expect, test } from 'vitest';
import { add, mul } from '../../../compiler/graph/build.ts';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { tensor, type Attributes, type Graph } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { required, run } from '../../support/op-runs.ts';

const batch = symbol('B');

/** h' = w h + x, y = h' + h'. */
function recurrence(): Graph {
  const b = new GraphBuilder();
  const w = b.parameter('w', tensor('float', []), 'local');
  const h = b.parameter('h', tensor('float', [batch]), 'local');
  const x = b.parameter('x', tensor('float', [batch]), 'local');
  const next = add(b, mul(b, w, h), x);
  return b.finish('recurrence', [
    { name: 'h', value: next },
    { name: 'y', value: add(b, next, next) },
  ]);
}

function scanGraph(reverse: boolean, lengths: boolean, changes: Attributes = {}): Graph {
  const b = new GraphBuilder();
  const w = b.parameter('w', tensor('float', []), 'weight');
  const h = b.parameter('h', tensor('float', [batch]), 'state');
  const x = b.parameter('x', tensor('float', [batch, symbol('T')]), 'input');
  const n = b.parameter('n', tensor('int', [batch]), 'control');
  const counts = { constants: 1, carries: 1, xs: 1, time: symbol('T'), body: recurrence() };
  const results = b.emitMany('scan', lengths ? [w, h, x, n] : [w, h, x], {
    ...counts,
    lengths,
    reverse,
    ...changes,
  });
  return b.finish(
    'test',
    results.map((value, i) => ({ name: i === 0 ? 'h' : 'y', value })),
  );
}

function evaluate(graph: Graph, x: NdArray, lengths: number[]): number[][] {
  const start = new Array<number>(lengths.length).fill(1);
  const operands = [
    floats([], [2]),
    floats([lengths.length], start),
    x,
    ints([lengths.length], lengths),
  ];
  return run(graph, operands).map((result) => [...result.data]);
}

const x = floats([2, 3], [1, 2, 3, 4, 5, 6]);

describe('scan', () => {
  test('runs over time and stacks ys', () => {
    const [h, y] = evaluate(scanGraph(false, false), x, [3, 3]);
    expect(h).toEqual([19, 40]);
    expect(y).toEqual([6, 16, 38, 12, 34, 80]);
  });

  test('in reverse, ys stand where their xs stood', () => {
    const [h, y] = evaluate(scanGraph(true, false), x, [3, 3]);
    expect(h).toEqual([25, 46]);
    expect(y).toEqual([50, 24, 10, 92, 42, 16]);
  });

  test('past its length a row keeps its carry and yields zeros', () => {
    const [h, y] = evaluate(scanGraph(false, true), x, [2, 0]);
    expect(h).toEqual([8, 1]);
    expect(y).toEqual([6, 16, 0, 0, 0, 0]);
    const [back, ys] = evaluate(scanGraph(true, true), x, [2, 3]);
    expect(back).toEqual([9, 46]);
    expect(ys).toEqual([18, 8, 0, 92, 42, 16]);
  });

  test('lengths beyond the end mean the end', () => {
    expect(evaluate(scanGraph(false, true), x, [9, 3])).toEqual(
      evaluate(scanGraph(false, false), x, [3, 3]),
    );
  });

  test('padding may hold anything, even NaN', () => {
    const padded = floats([2, 3], [1, NaN, NaN, 4, 5, Infinity]);
    const [h, y] = evaluate(scanGraph(false, true), padded, [1, 2]);
    expect(h).toEqual([3, 17]);
    expect(y).toEqual([6, 0, 0, 12, 34, 0]);
  });

  test('over no time or no rows', () => {
    expect(evaluate(scanGraph(false, true), floats([2, 0], []), [0, 0])).toEqual([[1, 1], []]);
    expect(evaluate(scanGraph(true, false), floats([0, 3], []), [])).toEqual([[], []]);
  });

  test('refuses a body that does not fit', () => {
    const { name, parameters, instructions, results } = recurrence();
    const narrow = { name, parameters: parameters.slice(1), instructions, results };
    expect(() => scanGraph(false, false, { body: narrow })).toThrow('another number of values');
    const swapped = { name, parameters: [...parameters].reverse(), instructions, results };
    expect(() => scanGraph(false, false, { body: swapped })).toThrow('body parameter x has');
    expect(() => scanGraph(false, false, { time: fixed(3) })).toThrow('is not time');
    expect(() => scanGraph(false, false, { carries: 0, xs: 2 })).toThrow('no axis 1');
    expect(() => scanGraph(true, true, { lengths: false })).toThrow('4 operands, 3 announced');
  });

  test('its body may hold a scan', () => {
    const inner = recurrence();
    const b = new GraphBuilder();
    const w = b.parameter('w', tensor('float', []), 'local');
    const seen = b.parameter('seen', tensor('float', [batch, symbol('S')]), 'local');
    const h = b.parameter('h', tensor('float', [batch]), 'local');
    const [final] = b.emitMany('scan', [w, h, seen], {
      constants: 1,
      carries: 1,
      xs: 1,
      lengths: false,
      reverse: false,
      time: symbol('S'),
      body: inner,
    });
    const body = b.finish('outer', [{ name: 'h', value: required(final) }]);
    const g = new GraphBuilder();
    const operands = [
      g.parameter('w', tensor('float', []), 'weight'),
      g.parameter('seen', tensor('float', [batch, symbol('S')]), 'input'),
      g.parameter('h', tensor('float', [batch]), 'state'),
    ];
    const [twice] = g.emitMany('scan', operands, {
      constants: 2,
      carries: 1,
      xs: 0,
      lengths: false,
      reverse: false,
      time: fixed(2),
      body,
    });
    const graph = g.finish('nested', [{ name: 'h', value: required(twice) }]);
    const inputs = [floats([], [2]), floats([1, 2], [1, 0]), floats([1], [1])];
    // One pass is h → 4h + 2: 1 → 6 → 26.
    expect(run(graph, inputs).map((result) => [...result.data])).toEqual([[26]]);
  });
});
