/** Each rule of the simplest passes keeps the numbers, on the smallest graph that it applies to. */
import { expect, test } from 'vitest';
import { composeLayouts } from '../../../compiler/4-simplify/compose-layouts.ts';
import { foldConstants } from '../../../compiler/4-simplify/fold-constants.ts';
import { shareCommonSubexpressions } from '../../../compiler/4-simplify/share-common-subexpressions.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed } from '../../../compiler/graph/dim.ts';
import { tensor, type Builder, type Graph, type Value } from '../../../compiler/graph/types.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { floats } from '../../../compiler/verify/arrays.ts';
import { run } from '../../support/central-differences.ts';

const [one, two, three, four] = [fixed(1), fixed(2), fixed(3), fixed(4)];
const given = new Map([['x', floats([2, 4], [-3, 1, 0.5, 2, -1, -2, 4, 0.25])]]);

const number = build.constant;
const yes = (b: Builder): Value => build.less(b, number(b, 1), number(b, 2));
const no = (b: Builder): Value => build.less(b, number(b, 2), number(b, 1));
const like = (b: Builder, condition: Value, v: Value): Value =>
  build.broadcastTo(b, condition, v.type.shape);
/** x where the condition holds, elsewhere its exponential. */
const chosen = (b: Builder, condition: Value, v: Value): Value =>
  build.select(b, condition, v, build.exp(b, v));
const negative = (b: Builder, v: Value): Value =>
  build.less(b, v, build.filled(b, 0, v.type.shape));
const inverse = (b: Builder, v: Value, of: number): Value =>
  build.div(b, v, build.filled(b, of, v.type.shape));

type Make = (b: Builder, x: Value) => Value;

test.each<[string, (graph: Graph) => Graph, Make]>([
  ['x + -y', foldConstants, (b, v) => build.add(b, build.exp(b, v), build.neg(b, v))],
  ['x - -y', foldConstants, (b, v) => build.sub(b, build.exp(b, v), build.neg(b, v))],
  ['-1 x', foldConstants, (b, v) => build.mul(b, number(b, -1), v)],
  ['true and c', foldConstants, (b, v) => both(b, v, yes(b))],
  ['false and c', foldConstants, (b, v) => both(b, v, no(b))],
  ['true or c', foldConstants, (b, v) => either(b, v, yes(b))],
  ['false or c', foldConstants, (b, v) => either(b, v, no(b))],
  ['true ? x : y', foldConstants, (b, v) => chosen(b, like(b, yes(b), v), v)],
  ['false ? x : y', foldConstants, (b, v) => chosen(b, like(b, no(b), v), v)],
  [
    'slice of a slice',
    composeLayouts,
    (b, v) => build.slice(b, build.slice(b, v, 1, one, three), 1, one, two),
  ],
  [
    'broadcast of a broadcast',
    composeLayouts,
    (b, v) => {
      const inner = build.broadcast(b, v, [two, three, four], [0, 2]);
      return build.broadcast(b, inner, [two, two, three, four], [1, 2, 3]);
    },
  ],
  [
    'transpose of a transpose',
    composeLayouts,
    (b, v) => {
      const cube = build.reshape(b, v, [two, two, two]);
      const scaled = build.mul(
        b,
        cube,
        build.broadcast(b, build.exp(b, cube), cube.type.shape, [0, 1, 2]),
      );
      return build.transpose(b, build.transpose(b, scaled, [1, 2, 0]), [1, 0, 2]);
    },
  ],
])('%s', (_, pass, make) => {
  const graph = graphOf(make);
  const after = pass(graph);
  expect(after.instructions).not.toEqual(graph.instructions);
  expect(run(after, given)).toEqual(run(graph, given));
});

test('0 and -0 are two constants', () => {
  const graph = graphOf((b, v) => build.concat(b, [inverse(b, v, 0), inverse(b, v, -0)], 1));
  expect(run(shareCommonSubexpressions(graph), given)).toEqual(run(graph, given));
});

function graphOf(make: Make): Graph {
  const b = new GraphBuilder();
  const input = b.parameter('x', tensor('float', [two, four]), 'input');
  return b.finish('test', [{ name: 'y', value: make(b, input) }]);
}

function both(b: Builder, v: Value, known: Value): Value {
  return chosen(b, build.and(b, like(b, known, v), negative(b, v)), v);
}

function either(b: Builder, v: Value, known: Value): Value {
  return chosen(b, b.emit('or', [negative(b, v), like(b, known, v)]), v);
}
