/**
 * Laws of the passes that make products large: they keep the numbers of the oracle but for
 * rounding, in the forward direction and in the derivatives of what they have rewritten; they come
 * to rest; and nothing that stands in the padding gets through.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph } from '../../compiler/3-differentiate/gradient-graph.ts';
import { differentiate } from '../../compiler/3-differentiate/reverse.ts';
import type { ResidualMode } from '../../compiler/3-differentiate/residuals.ts';
import {
  batchProducts,
  cleanUpGradient,
  gradientPasses,
  productPasses,
} from '../../compiler/4-simplify/batch-products.ts';
import { simplify } from '../../compiler/4-simplify/simplify.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { printGraph } from '../../compiler/graph/print.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { verify } from '../../compiler/ops/verify.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { drawer, type Arrays } from '../../compiler/verify/arrays.ts';
import { lengthsOf, mapped, repadded, takeSteps, typesOf } from '../../compiler/verify/batches.ts';
import { run } from '../support/central-differences.ts';
import { compiled, expectSameResults } from '../support/models.ts';
import { productGraph } from '../support/product-graphs.ts';
import { randomGraph } from '../support/random-graphs.ts';
import { drawInputs, floatParameters } from '../support/recurrent-graphs.ts';
import { bindingsOf, data, drawArrays } from '../../compiler/verify/arbitraries/data.ts';
import { spec } from '../../compiler/verify/arbitraries/models.ts';

/** Sums are taken in another order: some hundred roundings of 2^-53 each, with room to grow. */
const tolerance = 1e-9;

const residualModes: readonly ResidualMode[] = ['store', 'recompute'];

describe('random models', { timeout: 240_000 }, () => {
  it('keep their numbers and their gradients', () => {
    fc.assert(
      fc.property(spec({ dropout: true }), data, (drawn, numbers) => {
        const model = compiled(drawn.text, { mode: 'training' });
        const { forward, gradient } = batched(model, 'store');
        for (const [graph, found] of [
          [model.graph, forward],
          [gradientGraph(model), gradient],
        ] as const) {
          const inputs = drawArrays(model, drawn, numbers, graph);
          const bindings = bindingsOf(model, numbers);
          const results = (g: Graph): Arrays =>
            interpret(g, inputs, { precision: 'f64', bindings });
          expectSameResults(results(found), results(graph), tolerance);
        }
      }),
      { seed: 401, numRuns: 100 },
    );
  });

  it('let nothing through that stands in the padding', () => {
    fc.assert(
      fc.property(spec(), data, fc.integer({ min: 0, max: 3 }), (drawn, numbers, extra) => {
        const model = compiled(drawn.text, { mode: 'training' });
        const { gradient } = batched(model, 'store');
        const inputs = drawArrays(model, drawn, numbers, gradient);
        const bindings = bindingsOf(model, numbers);
        const draw = drawer(numbers.seed);
        const garbage = (dtype: NdArray['dtype']): number => {
          const choices = dtype === 'float' ? [1e300, NaN, -Infinity, 3] : [0, -1, 999];
          return choices[Math.floor(draw() * choices.length)] ?? 0;
        };
        const longer = repadded(model, gradient, inputs, extra, garbage);
        const types = typesOf(gradient);
        const found = mapped(interpret(gradient, longer, { precision: 'f64' }), (array, name) => {
          const isSequence = lengthsOf(model, types.get(name)) !== undefined;
          return isSequence ? takeSteps(array, 0, (array.shape[1] ?? 0) - extra) : array;
        });
        const expected = interpret(gradientGraph(model), inputs, { precision: 'f64', bindings });
        expectSameResults(found, expected, tolerance);
      }),
      { seed: 402, numRuns: 60 },
    );
  });

  function batched(model: Model, residuals: ResidualMode): { forward: Graph; gradient: Graph } {
    const forward = batchProducts(model.graph, verify);
    const gradient = gradientGraph({ ...model, graph: forward }, { residuals });
    return { forward, gradient: cleanUpGradient(gradient, verify) };
  }
});

describe.each([
  ['products', productGraph, 411],
  ['all kinds of ops', randomGraph, 412],
] as const)('random graphs of %s', (_name, make, seed) => {
  const drawn = fc.record({ seed: fc.nat(), size: fc.nat(8) });
  const sizes = { batch: 3, time: 3, lengths: [2, 0, 3] };

  it('keep their numbers after each pass', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(drawn, (at) => {
        const draw = drawer(at.seed);
        const graph = make(draw, at.size);
        const inputs = drawInputs(graph, draw, sizes);
        const expected = run(graph, inputs);
        let current = simplify(graph);
        for (const pass of [...productPasses, ...productPasses]) {
          current = verify(pass.run(current), pass.name);
          expectSameResults(run(current, inputs), expected, tolerance);
        }
      }),
      { seed, numRuns: 80 },
    );
  });

  it.each(residualModes)(
    'keep their gradients, residuals: %s',
    { timeout: 240_000 },
    (residuals) => {
      fc.assert(
        fc.property(drawn, (at) => {
          const draw = drawer(at.seed);
          const graph = make(draw, at.size);
          const inputs = drawInputs(graph, draw, sizes);
          const options = { loss: 'loss', wrt: floatParameters(graph), residuals };
          const expected = run(differentiate(graph, options), inputs);
          let current = differentiate(batchProducts(graph, verify), options);
          expectSameResults(run(current, inputs), expected, tolerance);
          for (const pass of [...gradientPasses, ...productPasses]) {
            current = verify(pass.run(current), pass.name);
            expectSameResults(run(current, inputs), expected, tolerance);
          }
          const cleaned = cleanUpGradient(current, verify);
          expectSameResults(run(cleaned, inputs), expected, tolerance);
        }),
        { seed: seed + 10, numRuns: 50 },
      );
    },
  );

  it('come to rest', { timeout: 240_000 }, () => {
    fc.assert(
      fc.property(drawn, (at) => {
        const once = batchProducts(make(drawer(at.seed), at.size));
        expect(printGraph(batchProducts(once))).toBe(printGraph(once));
      }),
      { seed: seed + 20, numRuns: 40 },
    );
  });
});
