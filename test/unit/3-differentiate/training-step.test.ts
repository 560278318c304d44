/** A training step: what it gives, what clipping does to it, and that the optimizer decides. */
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../compiler/3-differentiate/reverse.ts';
import { trainingStep } from '../../../compiler/3-differentiate/training-step.ts';
import { simplify } from '../../../compiler/4-simplify/simplify.ts';
import type { OptimizerRule } from '../../../compiler/graph/model.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawer, floats } from '../../../compiler/verify/arrays.ts';
import { run } from '../../support/central-differences.ts';
import { handwrittenAdam, handwrittenSgd } from '../../support/handwritten-optimizers.ts';
import { drawInputs } from '../../support/recurrent-graphs.ts';
import { recurrentModel } from '../../support/recurrent-models.ts';

const options = { cell: 'gru', lengths: true, reverse: false, layers: 1 } as const;
const model = recurrentModel(options, { loss: true });
const weights = model.weights.map((w) => w.name);
const sizes = { batch: 2, time: 3, lengths: [3, 1] };
const inputs = drawInputs(model.graph, drawer(11), sizes);
const gradients = run(differentiate(model.graph, { loss: 'loss', wrt: weights }), inputs);

function at(arrays: ReadonlyMap<string, NdArray>, name: string): NdArray {
  const array = arrays.get(name);
  if (array === undefined) throw new Error(`no ${name}`);
  return array;
}

/** One step from zero optimizer states. */
function stepOnce(
  optimizer: OptimizerRule,
  clip: { clipNorm?: number; clipValue?: number } = {},
): Map<string, NdArray> {
  const graph = simplify(trainingStep(model, { optimizer, ...clip }));
  const step = new Map([...inputs, ['step', floats([], [1])]]);
  for (const { name, value } of graph.parameters) {
    if (!step.has(name)) step.set(name, zerosOf(value.type.shape.map((d) => d.constant)));
  }
  return run(graph, step);
}

function zerosOf(shape: readonly number[]): NdArray {
  return floats(shape, new Array<number>(shape.reduce((n, s) => n * s, 1)).fill(0));
}

function squares(names: readonly string[]): number {
  return names.reduce(
    (sum, name) => [...at(gradients, `d/${name}`).data].reduce((s, g) => s + g * g, sum),
    0,
  );
}

describe('results', () => {
  const found = stepOnce(handwrittenSgd);

  it('are loss, states, norms, rate and the next weights', () => {
    expect([...found.keys()]).toEqual([
      'loss',
      'final0',
      'gradientNorm',
      ...weights.map((w) => `norm/${w}`),
      'rate',
      ...weights.map((w) => `next/${w}`),
    ]);
    expect(at(found, 'rate').data[0]).toBeCloseTo(0.1, 15);
  });

  it('norms are those of the gradients', () => {
    expect(at(found, 'gradientNorm').data[0]).toBeCloseTo(Math.sqrt(squares(weights)), 12);
    for (const name of weights) {
      expect(at(found, `norm/${name}`).data[0]).toBeCloseTo(Math.sqrt(squares([name])), 12);
    }
  });

  it('the optimizer decides the next weights', () => {
    for (const name of weights) {
      const gradient = at(gradients, `d/${name}`).data;
      at(inputs, name).data.forEach((w, i) => {
        expect(at(found, `next/${name}`).data[i]).toBeCloseTo(w - 0.1 * (gradient[i] ?? NaN), 12);
      });
    }
  });
});

it('adam keeps its states by weight', () => {
  const found = stepOnce(handwrittenAdam);
  for (const name of weights) {
    at(gradients, `d/${name}`).data.forEach((g, i) => {
      expect(at(found, `next/optimizer/${name}/m`).data[i]).toBeCloseTo(0.1 * g, 12);
      expect(at(found, `next/optimizer/${name}/v`).data[i]).toBeCloseTo(0.001 * g * g, 12);
      // At the first step both corrections cancel: the weight moves by the rate, against the sign.
      const moved = (at(found, `next/${name}`).data[i] ?? 0) - (at(inputs, name).data[i] ?? 0);
      expect(moved).toBeCloseTo((-0.01 * g) / (Math.abs(g) + 1e-8), 9);
    });
  }
});

describe('clipping', () => {
  const norm = Math.sqrt(squares(weights));
  const movement = (found: ReadonlyMap<string, NdArray>, name: string): number[] =>
    [...at(found, `next/${name}`).data].map((w, i) => (w - (at(inputs, name).data[i] ?? 0)) / -0.1);

  it('by norm scales all gradients alike', () => {
    const found = stepOnce(handwrittenSgd, { clipNorm: norm / 3 });
    const factor = norm / 3 / (norm + 1e-6);
    for (const name of weights) {
      movement(found, name).forEach((g, i) => {
        expect(g).toBeCloseTo((at(gradients, `d/${name}`).data[i] ?? NaN) * factor, 10);
      });
    }
    expect(at(found, 'gradientNorm').data[0]).toBeCloseTo(norm, 12);
  });

  it('by norm leaves smaller gradients alone', () => {
    const found = stepOnce(handwrittenSgd, { clipNorm: norm * 3 });
    const name = weights[0] ?? '';
    expect(movement(found, name)[0]).toBeCloseTo(at(gradients, `d/${name}`).data[0] ?? NaN, 10);
  });

  it('by value holds each element', () => {
    const found = stepOnce(handwrittenSgd, { clipValue: 0.05 });
    let held = 0;
    for (const name of weights) {
      movement(found, name).forEach((g, i) => {
        const full = at(gradients, `d/${name}`).data[i] ?? NaN;
        if (Math.abs(full) > 0.05) held++;
        expect(g).toBeCloseTo(Math.max(-0.05, Math.min(0.05, full)), 10);
      });
    }
    expect(held).toBeGreaterThan(0);
  });

  it('by norm after by value takes the norm of what is left', () => {
    const held = (g: number): number => Math.max(-0.05, Math.min(0.05, g));
    const all = weights.flatMap((name) => [...at(gradients, `d/${name}`).data].map(held));
    const left = Math.sqrt(all.reduce((sum, g) => sum + g * g, 0));
    expect(left).toBeLessThan(0.9 * norm);
    const found = stepOnce(handwrittenSgd, { clipValue: 0.05, clipNorm: left / 2 });
    const moved = weights.flatMap((name) => movement(found, name));
    moved.forEach((g, i) => {
      expect(g).toBeCloseTo(((all[i] ?? NaN) * left) / 2 / (left + 1e-6), 10);
    });
  });
});

it('leaves untrained weights alone', () => {
  const graph = trainingStep(model, {
    optimizer: handwrittenAdam,
    trainable: (w) => w.name.startsWith('W'),
  });
  const names = graph.results.map((r) => r.name);
  expect(names).toContain('next/W0.1');
  expect(names.filter((n) => n.includes('b0'))).toEqual([]);
});
