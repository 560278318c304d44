/**
 * Laws of the combinators, over any cell: reversing twice is the identity; a reversed cell is the
 * cell between two reversals; `bidirectional`, `depth` and `residual` are what one would write by
 * hand. Both sides of a law have the same weights, in the same order.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../compiler/graph/model.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { gradientGraph } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { distance, type Arrays } from '../../compiler/verify/arrays.ts';
import { run } from '../support/central-differences.ts';
import { compiled } from '../support/models.ts';
import { cellCall, cellText, userCell } from '../../compiler/verify/arbitraries/cells.ts';
import { data, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import type { Spec } from '../../compiler/verify/arbitraries/models.ts';

interface DrawnCell {
  readonly definition: string;
  /** `gru(2, reset = after`, to be completed. */
  readonly call: string;
  readonly drawn: Data;
}

const drawnCell: fc.Arbitrary<DrawnCell> = fc
  .record({
    call: cellCall,
    own: userCell,
    width: fc.integer({ min: 1, max: 3 }),
    bias: fc.boolean(),
    drawn: data,
  })
  .map(({ call: { cell, options }, own, width, bias, drawn }) => ({
    definition: cellText('own', own),
    call: [
      `${typeof cell === 'string' ? cell : 'own'}(${width}`,
      ...options,
      ...(bias ? [] : ['bias = false']),
    ].join(', '),
    drawn,
  }));

/** Two ways to write a pipeline mean the same: results and gradients, position by position. */
function expectSameMeaning(cell: DrawnCell, left: string, right: string): void {
  const [one, other] = [left, right].map((pipeline) => gradients(cell, pipeline));
  if (one === undefined || other === undefined) throw new Error('two pipelines expected');
  const inputs = drawArrays(one.model, one.spec, cell.drawn, one.graph);
  const expected = run(one.graph, inputs);
  const found = run(other.graph, renamed(one.graph, other.graph, inputs));
  expect(one.graph.results.length).toBe(other.graph.results.length);
  one.graph.results.forEach(({ name }, i) => {
    const second = other.graph.results[i]?.name ?? '';
    expect(apart(expected.get(name), found.get(second)), `${name}, ${second}`).toBeLessThan(1e-11);
  });
}

function gradients(cell: DrawnCell, pipeline: string): { model: Model; spec: Spec; graph: Graph } {
  const value = pipeline.startsWith('x + ') ? pipeline : `x -> ${pipeline}`;
  const text = `${cell.definition}model m {\n  input x: float[T, 2]\n  output y = ${value}\n}\n`;
  const model = compiled(text);
  const spec = { text, inputs: new Map([['x', 'float' as const]]), hasLoss: false };
  return { model, spec, graph: gradientGraph(model) };
}

/** The arrays of one graph's parameters for the other's, in order. */
function renamed(from: Graph, to: Graph, arrays: Arrays): Arrays {
  return new Map(
    to.parameters.map(({ name }, i): [string, NdArray] => {
      const array = arrays.get(from.parameters[i]?.name ?? '');
      if (array === undefined) throw new Error(`nothing for ${name}`);
      return [name, array];
    }),
  );
}

/** Relative to the size of the array. */
function apart(x: NdArray | undefined, y: NdArray | undefined): number {
  if (x === undefined || y === undefined) return Infinity;
  return distance(x, y) / Math.max(1, ...Array.from(x.data, Math.abs));
}

const laws: readonly (readonly [string, (call: string) => readonly [string, string]])[] = [
  ['reversing twice is the identity', (call) => [`${call}) -> reverse -> reverse`, `${call})`]],
  [
    'a reversed cell is the cell between two reversals',
    (call) => [`${call}, reverse = true)`, `reverse -> ${call}) -> reverse`],
  ],
  [
    'bidirectional is both directions side by side',
    (call) => [`bidirectional(${call}))`, `concat(${call}), ${call}, reverse = true))`],
  ],
  [
    'bidirectional around a reversed cell begins with the reversed one',
    (call) => [
      `bidirectional(${call}, reverse = true))`,
      `concat(${call}, reverse = true), ${call}))`,
    ],
  ],
  [
    'a bidirectional depth is bidirectional layers in a row',
    (call) => [
      `bidirectional(${call}), depth = 2)`,
      `bidirectional(${call})) -> bidirectional(${call}))`,
    ],
  ],
  [
    'both directions of a stack are both directions of all of it',
    (call) => [
      `bidirectional(${call}) -> dense(2))`,
      `concat(${call}) -> dense(2), ${call}, reverse = true) -> dense(2))`,
    ],
  ],
  [
    'a depth is layers in a row',
    (call) => [`${call}, depth = 3)`, `${call}) -> ${call}) -> ${call})`],
  ],
  [
    'a depth of a stack repeats all of it',
    (call) => [`stack(${call}), tanh, depth = 2)`, `${call}) -> tanh -> ${call}) -> tanh`],
  ],
  [
    'a residual adds what goes in',
    (call) => [`residual(${call}) -> dense(2))`, `x + (x -> ${call}) -> dense(2))`],
  ],
];

describe('two ways to write the same', { timeout: 120_000 }, () => {
  it.each(laws)('%s', (_, sides) => {
    fc.assert(
      fc.property(drawnCell, (cell) => expectSameMeaning(cell, ...sides(cell.call))),
      { seed: 201, numRuns: 30 },
    );
  });
});
