/**
 * Laws of scan: T steps are two scans joined by the carry; a row of a batch is that row alone; what
 * stands past a length changes nothing; scanning in reverse is scanning what is reversed.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as build from '../../compiler/graph/build.ts';
import { dim, fixed, symbol } from '../../compiler/graph/dim.ts';
import { tensor, type Graph } from '../../compiler/graph/types.ts';
import { GraphBuilder } from '../../compiler/ops/builder.ts';
import { verify } from '../../compiler/ops/verify.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { ints } from '../../compiler/verify/arrays.ts';
import { drawn, evaluateOp, expectClose, required, run } from '../support/op-runs.ts';

const [batch, time] = [symbol('B'), symbol('T')];
const width = 3;

/** h' = tanh(W h + x), y = h' x; W [width, width], x and h [B, width]. */
function cell(): Graph {
  const b = new GraphBuilder();
  const row = tensor('float', [batch, fixed(width)]);
  const w = b.parameter('w', tensor('float', [fixed(width), fixed(width)]), 'local');
  const h = b.parameter('h', row, 'local');
  const x = b.parameter('x', row, 'local');
  const next = build.tanh(b, build.add(b, build.linear(b, h, w), x));
  return b.finish('cell', [
    { name: 'h', value: next },
    { name: 'y', value: build.mul(b, next, x) },
  ]);
}

function scanGraph(reverse: boolean): Graph {
  const b = new GraphBuilder();
  const operands = [
    b.parameter('w', tensor('float', [fixed(width), fixed(width)]), 'weight'),
    b.parameter('h', tensor('float', [batch, fixed(width)]), 'state'),
    b.parameter('x', tensor('float', [batch, time, fixed(width)]), 'input'),
    b.parameter('lengths', tensor('int', [batch]), 'control'),
  ];
  const counts = { constants: 1, carries: 1, xs: 1, time, body: cell() };
  const results = b.emitMany('scan', operands, { ...counts, lengths: true, reverse });
  const names = ['h', 'y'];
  return verify(
    b.finish(
      'scanned',
      results.map((value, i) => ({ name: names[i] ?? '', value })),
    ),
    'test',
  );
}

const forward = scanGraph(false);
const backward = scanGraph(true);

interface Use {
  readonly w: NdArray;
  readonly h: NdArray;
  readonly x: NdArray;
  readonly lengths: readonly number[];
  readonly steps: number;
}

const use: fc.Arbitrary<Use> = fc
  .tuple(fc.nat(1e6), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 6 }))
  .chain(([seed, rows, steps]) =>
    fc
      .array(fc.integer({ min: 0, max: steps }), { minLength: rows, maxLength: rows })
      .map((lengths) => ({
        w: drawn('float', [width, width], seed),
        h: drawn('float', [rows, width], seed + 1),
        x: drawn('float', [rows, steps, width], seed + 2),
        lengths,
        steps,
      })),
  );

function scan(graph: Graph, { w, h, x }: Use, lengths: readonly number[]): [NdArray, NdArray] {
  const [final, y] = run(graph, [w, h, x, ints([lengths.length], lengths)]);
  return [required(final), required(y)];
}

function cut(array: NdArray, axis: number, start: number, length: number): NdArray {
  const attributes = { axis, start: dim(start), length: dim(length) };
  return required(evaluateOp('slice', [array], attributes)[0]);
}

function check(law: (drawnUse: Use) => void): void {
  fc.assert(fc.property(use, law), { numRuns: 100, seed: 20243 });
}

test('two scans joined by the carry are one', () => {
  fc.assert(
    fc.property(use, fc.nat(), (whole, split) => {
      const first = split % (whole.steps + 1);
      const rest = whole.steps - first;
      const [final, y] = scan(forward, whole, whole.lengths);
      const [middle, y0] = scan(
        forward,
        { ...whole, x: cut(whole.x, 1, 0, first) },
        whole.lengths.map((n) => Math.min(n, first)),
      );
      const [end, y1] = scan(
        forward,
        { ...whole, h: middle, x: cut(whole.x, 1, first, rest) },
        whole.lengths.map((n) => Math.max(0, n - first)),
      );
      expectClose(end, final, 0);
      expectClose(required(evaluateOp('concat', [y0, y1], { axis: 1 })[0]), y, 0);
    }),
    { numRuns: 100, seed: 20244 },
  );
});

test('a batch is its rows, each cut to its length', () => {
  check((whole) => {
    for (const graph of [forward, backward]) {
      const [final, y] = scan(graph, whole, whole.lengths);
      whole.lengths.forEach((length, row) => {
        const [h, x] = [cut(whole.h, 0, row, 1), cut(cut(whole.x, 0, row, 1), 1, 0, length)];
        const [ownFinal, ownY] = scan(graph, { ...whole, h, x }, [length]);
        expectClose(ownFinal, cut(final, 0, row, 1), 0);
        expectClose(ownY, cut(cut(y, 0, row, 1), 1, 0, length), 0);
        const past = cut(cut(y, 0, row, 1), 1, length, whole.steps - length);
        expect(past.data.every((value) => value === 0)).toBe(true);
      });
    }
  });
});

test('in reverse is over what is reversed', () => {
  check((whole) => {
    const lengths = ints([whole.lengths.length], whole.lengths);
    const turn = (array: NdArray): NdArray => required(evaluateOp('reverse', [array, lengths])[0]);
    const [final, y] = scan(backward, whole, whole.lengths);
    const [turnedFinal, turnedY] = scan(forward, { ...whole, x: turn(whole.x) }, whole.lengths);
    expectClose(turnedFinal, final, 0);
    expectClose(turn(turnedY), y, 0);
  });
});
