/** The graph of `grad`: which results and inputs it has, and that its gradients are right. */
import { expect, it } from 'vitest';
import { gradientGraph } from '../../../compiler/3-differentiate/gradient-graph.ts';
import { drawer, floats } from '../../../compiler/verify/arrays.ts';
import { gradientError, run } from '../../support/central-differences.ts';
import { drawInputs } from '../../support/recurrent-graphs.ts';
import { recurrentModel } from '../../support/recurrent-models.ts';

const options = { cell: 'lstm', lengths: true, reverse: true, layers: 2 } as const;

it('gives all results and a gradient for every weight, float input and state', () => {
  const model = recurrentModel(options, { loss: true });
  const names = gradientGraph(model).results.map((r) => r.name);
  const floatNames = model.graph.parameters.map((p) => p.name).filter((n) => n !== 'lengths');
  expect(names).toEqual([
    ...model.graph.results.map((r) => r.name),
    ...floatNames.map((n) => `d/${n}`),
  ]);
});

it('seeds outputs and final states where there is no loss', () => {
  const model = recurrentModel(options, { loss: false });
  const graph = gradientGraph(model);
  const seeds = ['dy', 'dfinal0', 'dfinal1', 'dfinal2', 'dfinal3'];
  const added = graph.parameters.map((p) => p.name).slice(model.graph.parameters.length);
  expect(added).toEqual(seeds);
  const inputs = drawInputs(graph, drawer(2), { batch: 2, time: 3, lengths: [2, 3] });
  expect(gradientError(graph, graph, inputs, ['x', 'h0.0', 'c1.0', 'W0.2', 'b1.3'])).toBeLessThan(
    1e-9,
  );
  const found = run(graph, inputs);
  const expected = seeds.reduce((sum, seed) => {
    const value = [...(found.get(seed.slice(1))?.data ?? [])];
    const weights = inputs.get(seed)?.data ?? [];
    return value.reduce((s, v, i) => s + v * (weights[i] ?? NaN), sum);
  }, 0);
  expect(found.get('loss')?.data[0]).toBeCloseTo(expected, 12);
});

it('seeds only what it is told to', () => {
  const model = recurrentModel(options, { loss: false });
  const graph = gradientGraph(model, { seeds: ['final1'] });
  const inputs = drawInputs(graph, drawer(2), { batch: 1, time: 1 });
  expect(inputs.has('dy')).toBe(false);
  const zero = new Map([...inputs, ['dfinal1', floats([1, 2], [0, 0])]]);
  expect([...(run(graph, zero).get('d/x')?.data ?? [1])].every((g) => Math.abs(g) === 0)).toBe(
    true,
  );
});
