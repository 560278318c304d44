/**
 * Law: for any model of the language, the gradients of reverse mode agree with central differences
 * in f64 to 1e-6 relative, along random directions and single coordinates of weights, float inputs
 * and initial states; simplified or not, with residuals stored or recomputed. 500 models.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradientGraph as plainGradientGraph } from '../../compiler/3-differentiate/gradient-graph.ts';
import { withSeededLoss } from '../../compiler/3-differentiate/seeded-loss.ts';
import { removeDeadCode } from '../../compiler/4-simplify/remove-dead-code.ts';
import type { Model } from '../../compiler/graph/model.ts';
import type { Graph } from '../../compiler/graph/types.ts';
import { gradientGraph } from '../../compiler/pipeline.ts';
import { drawer, type Arrays } from '../../compiler/verify/arrays.ts';
import { run } from '../support/central-differences.ts';
import {
  alongDirection,
  coordinate,
  directionalDerivative,
  randomDirection,
  type Direction,
} from '../../compiler/verify/directional.ts';
import { compiled, expectSameResults } from '../support/models.ts';
import { data, drawArrays, type Data } from '../../compiler/verify/arbitraries/data.ts';
import { spec, type Spec } from '../../compiler/verify/arbitraries/models.ts';

const tally = { models: 0, derivatives: 0, substantial: 0, kinks: 0 };

/** Where the larger step is too coarse, or crosses a kink, the smaller one is tried. */
const steps = [2e-3, 2e-4];

describe('reverse mode on models', { timeout: 240_000 }, () => {
  it('agrees with central differences', () => {
    fc.assert(fc.property(spec({ dropout: true }), data, checkGradients), {
      seed: 500,
      numRuns: 520,
    });
  });

  it('was judged on 500 models, and by derivatives that tell something', () => {
    expect(tally.models).toBeGreaterThanOrEqual(500);
    expect(tally.substantial).toBeGreaterThan(0.7 * tally.derivatives);
    expect(tally.kinks).toBeLessThan(0.01 * tally.derivatives);
  });
});

function checkGradients(drawnSpec: Spec, drawn: Data): void {
  const model = compiled(drawnSpec.text, { mode: 'training' });
  const backward = gradientGraph(model);
  const inputs = drawArrays(model, drawnSpec, drawn, backward);
  const gradients = run(backward, inputs);
  const names = [...gradients.keys()].filter((n) => n.startsWith('d/')).map((n) => n.slice(2));
  if (names.length === 0) return;
  tally.models++;
  const forward = lossOnly(model, drawnSpec);
  const draw = drawer(drawn.seed);
  for (const direction of directions(draw, inputs, names)) {
    checkDerivative(forward, inputs, gradients, direction);
  }
  for (const residuals of ['store', 'recompute'] as const) {
    const plain = plainGradientGraph(model, { residuals });
    expectSameResults(run(plain, inputs), gradients, 1e-10);
  }
}

/** The loss of the spec, or the seeded one of a spec without. */
function lossOnly(model: Model, { hasLoss }: Spec): Graph {
  const answers = [...model.outputs, ...model.states.map((s) => ({ name: s.final, type: s.type }))];
  const floats = answers.filter((a) => a.type.dtype === 'float').map((a) => a.name);
  const graph = hasLoss ? model.graph : withSeededLoss(model.graph, floats);
  return removeDeadCode({ ...graph, results: graph.results.filter((r) => r.name === 'loss') });
}

/** Over everything, over single arrays and over single numbers. */
function directions(draw: () => number, inputs: Arrays, names: readonly string[]): Direction[] {
  const pick = (): string => names[Math.floor(draw() * names.length)] ?? '';
  return [
    randomDirection(draw, inputs, names),
    randomDirection(draw, inputs, names),
    randomDirection(draw, inputs, [pick()]),
    randomDirection(draw, inputs, [pick()]),
    randomDirection(draw, inputs, [pick()]),
    coordinate(inputs, pick(), Math.floor(draw() * 100)),
    coordinate(inputs, pick(), Math.floor(draw() * 100)),
  ];
}

function checkDerivative(
  forward: Graph,
  inputs: Arrays,
  gradients: Arrays,
  direction: Direction,
): void {
  const found = alongDirection(gradients, direction);
  tally.derivatives++;
  if (Math.abs(found) > 1e-6) tally.substantial++;
  const attempts = steps.map((step) => directionalDerivative(forward, inputs, direction, step));
  const agrees = attempts.some(
    ({ value, rounding }) =>
      Math.abs(value - found) <= 1e-6 * Math.max(Math.abs(value), Math.abs(found)) + rounding,
  );
  if (agrees) return;
  // Differences next to a kink say nothing; how often that may be is limited above.
  if (attempts.every(({ smooth }) => !smooth)) tally.kinks++;
  else expect(attempts, `${[...direction.keys()].join(', ')}: ${found}`).toEqual([]);
}
