/**
 * Laws of every model: a padded batch means what its sequences mean one by one, whatever stands in
 * the padding; a batch equals its rows, in any order; and a sequence cut in two, the final states
 * of the first part handed to the second, equals the sequence in one piece.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../compiler/graph/model.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { gradientGraph } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { drawer, ints, type Arrays } from '../../compiler/verify/arrays.ts';
import {
  hasBatch,
  joinSteps,
  largestPast,
  lengthsOf,
  mapped,
  repadded,
  takeRows,
  takeSteps,
  typesOf,
} from '../../compiler/verify/batches.ts';
import { compiled, expectSameResults } from '../support/models.ts';
import { bindingsOf, data, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { spec, type Spec } from '../../compiler/verify/arbitraries/models.ts';

/** Sums over a batch may be taken in another order, which costs a few bits. */
const tolerance = 1e-10;

describe('a padded batch means what its sequences mean', { timeout: 120_000 }, () => {
  it('whatever stands in the padding, and however much there is of it', () => {
    fc.assert(
      fc.property(spec(), data, fc.integer({ min: 0, max: 3 }), (drawnSpec, drawn, extra) => {
        const { model, graph, inputs, expected } = gradientsOf(drawnSpec, drawn);
        const draw = drawer(drawn.seed);
        const floats = [1e300, -1e300, NaN, Infinity, 3];
        const ids = [0, 1, -1, 999, -7];
        const garbage = (dtype: NdArray['dtype']): number => {
          const choices = dtype === 'float' ? floats : ids;
          return choices[Math.floor(draw() * choices.length)] ?? 0;
        };
        const longer = repadded(model, graph, inputs, extra, garbage);
        const found = interpret(graph, longer, { precision: 'f64' });
        const types = typesOf(graph);
        const trimmed = mapped(found, (array, name) => {
          const lengths = inputs.get(lengthsOf(model, types.get(name)) ?? '');
          if (lengths === undefined) return array;
          expect(largestPast(array, lengths), `${name} past the ends`).toBe(0);
          return takeSteps(array, 0, (array.shape[1] ?? 0) - extra);
        });
        expectSameResults(trimmed, expected, tolerance);
      }),
      { seed: 101, numRuns: 300 },
    );
  });
});

describe('a batch equals its rows', { timeout: 120_000 }, () => {
  it('one by one, gradients of weights added up', () => {
    fc.assert(
      fc.property(spec({ loss: false }), data, (drawnSpec, drawn) => {
        const { graph, inputs, expected } = gradientsOf(drawnSpec, drawn);
        const types = typesOf(graph);
        const sums = new Map<string, NdArray>();
        drawn.lengths.forEach((_, row) => {
          const found = interpret(graph, takeRows(graph, inputs, [row]), { precision: 'f64' });
          const own = takeRows(graph, expected, [row]);
          const perRow = [...own].filter(([name]) => hasBatch(types.get(name)));
          expectSameResults(found, new Map(perRow), tolerance);
          for (const [name, array] of found) {
            if (!hasBatch(types.get(name))) sums.set(name, added(sums.get(name), array));
          }
        });
        expectSameResults(new Map([...expected, ...sums]), expected, tolerance);
      }),
      { seed: 102, numRuns: 150 },
    );
  });

  it('in any order', () => {
    fc.assert(
      fc.property(spec(), data, (drawnSpec, drawn) => {
        const { graph, inputs, expected } = gradientsOf(drawnSpec, drawn);
        const draw = drawer(drawn.seed);
        const order = drawn.lengths.map((_, row) => ({ row, key: draw() }));
        const rows = order.sort((a, b) => a.key - b.key).map(({ row }) => row);
        const found = interpret(graph, takeRows(graph, inputs, rows), { precision: 'f64' });
        expectSameResults(found, takeRows(graph, expected, rows), tolerance);
      }),
      { seed: 103, numRuns: 150 },
    );
  });
});

describe('a sequence cut in two', { timeout: 120_000 }, () => {
  it('goes on from the states that the first part leaves', () => {
    fc.assert(
      fc.property(spec({ causal: true, loss: false }), data, fc.nat(2), (drawnSpec, drawn, at) => {
        const whole = { ...drawn, time: Math.max(2, drawn.time) };
        const cut = 1 + (at % (whole.time - 1));
        const model = compiled(drawnSpec.text);
        const graph = model.graph;
        const inputs = drawArrays(model, drawnSpec, whole, graph);
        const run = (arrays: Arrays): Arrays => runBound(model, whole, graph, arrays);
        const first = run(part(graph, inputs, 0, cut));
        const handedOn = new Map(model.states.map((s) => [s.initial, first.get(s.final)]));
        const rest = mapped(part(graph, inputs, cut, whole.time), (array, name) => {
          return handedOn.get(name) ?? array;
        });
        const second = run(rest);
        const types = typesOf(graph);
        const joined = mapped(second, (array, name) => {
          const before = first.get(name);
          const timed = lengthsOf(model, types.get(name)) !== undefined;
          return timed && before !== undefined ? joinSteps(before, array) : array;
        });
        expectSameResults(joined, run(inputs), tolerance);
      }),
      { seed: 104, numRuns: 200 },
    );
  });
});

function gradientsOf(
  drawnSpec: Spec,
  drawn: Data,
): { model: Model; graph: Graph; inputs: Arrays; expected: Arrays } {
  const model = compiled(drawnSpec.text, { mode: 'training' });
  const graph = gradientGraph(model);
  const inputs = drawArrays(model, drawnSpec, drawn, graph);
  return { model, graph, inputs, expected: runBound(model, drawn, graph, inputs) };
}

/** Some widths of a bare pipeline no input tells. */
function runBound(model: Model, drawn: Data, graph: Graph, inputs: Arrays): Arrays {
  const { B: _, T: __, ...widths } = Object.fromEntries(bindingsOf(model, drawn));
  const bindings = new Map(Object.entries(widths).filter(([name]) => !name.startsWith('T')));
  return interpret(graph, inputs, { precision: 'f64', bindings });
}

/** Time steps of every sequence, and how much of each row falls into them. */
function part(graph: Graph, inputs: Arrays, from: number, to: number): Arrays {
  const types = typesOf(graph);
  return mapped(inputs, (array, name) => {
    if (name === 'lengths') {
      const rows = [...array.data].map((n) => Math.min(Math.max(n - from, 0), to - from));
      return ints(array.shape, rows);
    }
    const second = types.get(name)?.shape[1]?.terms[0]?.symbol;
    return second === 'T' ? takeSteps(array, from, to) : array;
  });
}

function added(sum: NdArray | undefined, array: NdArray): NdArray {
  if (sum === undefined) return array;
  const data = Float64Array.from(array.data, (x, i) => x + (sum.data[i] ?? NaN));
  return { ...array, data };
}
