/** Products with one-hot codes: what they become, and that the numbers stay, whatever the ids. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneHotProducts } from '../../../compiler/4-simplify/one-hot-products.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { tensor, type Builder, type Graph, type Value } from '../../../compiler/graph/types.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { verify } from '../../../compiler/ops/verify.ts';
import { drawer, drawFloats, floats, ints } from '../../../compiler/verify/arrays.ts';

const [B, T] = [symbol('B'), symbol('T')];
const rows = 3;

function oneHot(b: Builder, ids: Value): Value {
  const shape = [...ids.type.shape, fixed(rows)];
  const own = build.broadcast(b, ids, shape, [0, 1]);
  const all = build.broadcast(b, build.iota(b, fixed(rows)), shape, [2]);
  return build.cast(b, build.equal(b, own, all), 'float');
}

/** Ids [B, T], a weight [4, rows], updates [B, T, 4]. */
function graphOf(product: (b: Builder, code: Value, w: Value, dy: Value) => Value): Graph {
  const b = new GraphBuilder();
  const ids = b.parameter('ids', tensor('int', [B, T]), 'input');
  const w = b.parameter('w', tensor('float', [fixed(4), fixed(rows)]), 'weight');
  const dy = b.parameter('dy', tensor('float', [B, T, fixed(4)]), 'input');
  return b.finish('g', [{ name: 'y', value: product(b, oneHot(b, ids), w, dy) }]);
}

const products = {
  forward: graphOf((b, code, w) => build.dot(b, code, w, { contract: [[2], [1]] })),
  'of its derivative': graphOf((b, code, _w, dy) =>
    build.dot(b, dy, code, {
      contract: [
        [0, 1],
        [0, 1],
      ],
    }),
  ),
  'of its derivative, sides changed': graphOf((b, code, _w, dy) =>
    build.dot(b, code, dy, {
      contract: [
        [0, 1],
        [0, 1],
      ],
    }),
  ),
};

function opsOf({ instructions }: Graph): string[] {
  return instructions.map((i) => i.op);
}

describe.each(Object.entries(products))('%s', (_, graph) => {
  it('makes no product and no code', () => {
    const ops = opsOf(verify(oneHotProducts(graph), 'oneHotProducts'));
    expect(ops).not.toContain('dot');
    expect(ops.filter((op) => op === 'gather' || op === 'scatterAdd')).toHaveLength(1);
  });

  it('keeps the numbers', () => {
    const id = fc.integer({ min: -2, max: rows + 1 });
    const batch = fc.array(fc.tuple(id, id), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(batch, fc.nat(), (drawn, seed) => {
        const draw = drawer(seed);
        const inputs = new Map([
          ['ids', ints([drawn.length, 2], drawn.flat())],
          ['w', drawFloats(draw, [4, rows])],
          ['dy', drawFloats(draw, [drawn.length, 2, 4])],
        ]);
        const run = (g: Graph): readonly number[] => [
          ...(interpret(g, inputs, { precision: 'f64' }).get('y') ?? floats([0], [])).data,
        ];
        const [found, wanted] = [run(oneHotProducts(graph)), run(graph)];
        expect(found).toHaveLength(wanted.length);
        found.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 12));
      }),
      { seed: 77, numRuns: 60 },
    );
  });
});

it('leaves other products alone', () => {
  const graph = graphOf((b, code, w) =>
    build.dot(b, build.mul(b, code, code), w, { contract: [[2], [1]] }),
  );
  expect(opsOf(oneHotProducts(graph))).toContain('dot');
});
