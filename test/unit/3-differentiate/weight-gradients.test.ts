/** Weight gradients are products outside the backward scan, and padding adds exactly nothing. */
import { expect, it } from 'vitest';
import { differentiate } from '../../../compiler/3-differentiate/reverse.ts';
import { simplify } from '../../../compiler/4-simplify/simplify.ts';
import { scanParts } from '../../../compiler/graph/scan.ts';
import { distance, drawer } from '../../../compiler/verify/arrays.ts';
import { run } from '../../support/central-differences.ts';
import { bodyOf, countOps, scansOf } from '../../support/graph-queries.ts';
import { drawInputs, floatParameters, recurrentGraph } from '../../support/recurrent-graphs.ts';

const options = { cell: 'lstm', lengths: true, reverse: false, layers: 1 } as const;

it.each(['store', 'recompute'] as const)('forms them outside, residuals: %s', (residuals) => {
  const graph = recurrentGraph(options);
  const wrt = floatParameters(graph);
  const simple = simplify(differentiate(graph, { loss: 'loss', wrt, residuals }));
  const [forward, backward, ...others] = scansOf(simple);
  if (forward === undefined || backward === undefined) throw new Error('two scans expected');
  expect(others).toEqual([]);
  // Forward: one product a gate. Backward: for each gate W^T times a cotangent.
  const recomputed = residuals === 'recompute' ? 4 : 0;
  expect(countOps(bodyOf(forward), 'dot')).toBe(4);
  expect(countOps(bodyOf(backward), 'dot')).toBe(4 + recomputed);
  expect(countOps(simple, 'dot')).toBe(4);
  for (const { op, results } of bodyOf(backward).instructions) {
    if (op === 'dot') expect(results[0]?.type.shape[0]?.terms[0]?.symbol).toBe('B');
  }
  // The step carries cotangents of h and c, and nothing like a weight's.
  expect(scanParts(backward).carries).toHaveLength(2);
});

it('stores no more than BPTT needs', () => {
  const graph = recurrentGraph(options);
  const wrt = floatParameters(graph);
  const ys = (residuals: 'store' | 'recompute'): number => {
    const simple = simplify(differentiate(graph, { loss: 'loss', wrt, residuals }));
    const [forward] = scansOf(simple);
    return forward === undefined ? 0 : scanParts(forward).ys.length;
  };
  // y and the two entering states; with `store` four gates and tanh(c) besides.
  expect(ys('recompute')).toBe(3);
  expect(ys('store')).toBe(8);
});

it('asks for nothing that is not wanted', () => {
  const graph = recurrentGraph({ ...options, layers: 2 });
  const simple = simplify(differentiate(graph, { loss: 'loss', wrt: ['W1.0'] }));
  // Two forward scans, and one backward: the first layer has no part in it.
  expect(scansOf(simple)).toHaveLength(3);
});

it('gives zeros for what the loss does not depend on', () => {
  const graph = recurrentGraph(options);
  const { results } = graph;
  const constant = { ...graph, results: results.filter((r) => r.name !== 'y') };
  const backward = differentiate(constant, { loss: 'loss', wrt: ['x', 'target'] });
  const sizes = { batch: 2, time: 3, lengths: [0, 0] };
  const found = run(backward, drawInputs(graph, drawer(1), sizes));
  expect([...(found.get('d/x')?.data ?? [])].every((g) => g === 0)).toBe(true);
  expect(found.get('d/x')?.shape).toEqual([2, 3, 3]);
});

it('lets padding add exactly nothing', () => {
  const graph = recurrentGraph({ ...options, layers: 2 });
  const wrt = floatParameters(graph);
  const backward = simplify(differentiate(graph, { loss: 'loss', wrt }));
  const inputs = drawInputs(graph, drawer(3), { batch: 3, time: 5, lengths: [3, 0, 1] });
  const expected = run(backward, inputs);
  const x = inputs.get('x');
  if (x === undefined) throw new Error('no x');
  const data = Float64Array.from(x.data, (v, i) => {
    const [row, step] = [Math.floor(i / 15), Math.floor(i / 3) % 5];
    return step < ([3, 0, 1][row] ?? 0) ? v : 1e6;
  });
  const found = run(backward, new Map([...inputs, ['x', { ...x, data }]]));
  for (const [name, value] of expected) {
    expect(distance(value, found.get(name) ?? value)).toBe(0);
  }
});

it('observes the cotangent of each state after each step', () => {
  const graph = recurrentGraph({ cell: 'rnn', lengths: true, reverse: false, layers: 2 });
  const backward = differentiate(graph, { loss: 'loss', wrt: ['x'], observeCarries: true });
  const names = backward.results.map((r) => r.name).filter((n) => n.startsWith('cotangent'));
  expect(names).toEqual(['cotangent/rnn.l1/h', 'cotangent/rnn.l0/h']);
  const inputs = drawInputs(graph, drawer(5), { batch: 2, time: 3, lengths: [3, 1] });
  const found = run(backward, inputs);
  const last = found.get('cotangent/rnn.l1/h');
  const [target, y] = [inputs.get('target'), found.get('y')];
  // After the last step: the target (the loss is sum y * target) and 2 h from the final state.
  for (const [row, step] of [
    [0, 2],
    [1, 0],
  ] as const) {
    for (let i = 0; i < 2; i++) {
      const at = (row * 3 + step) * 2 + i;
      const expected = (target?.data[at] ?? 0) + 2 * (y?.data[at] ?? 0);
      expect(last?.data[at]).toBeCloseTo(expected, 12);
    }
  }
  expect([...(last?.data.slice(8) ?? [])]).toEqual([0, 0, 0, 0]);
});
