/**
 * Five steps of each optimizer against PyTorch in f64, through training graphs whose weights are in
 * PyTorch's names: the loss before and every weight after each step, to 1e-8.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adoptWeights } from '../../compiler/adopt/weights.ts';
import { present } from '../../compiler/base/bug.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { interpret } from '../../compiler/interpret/interpret.ts';
import { trainingGraph } from '../../compiler/pipeline.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { optimizerCases, optimizerSpec, optimizerTask } from './cases.ts';
import { modelOf } from './models.ts';
import { computeReference, differences, whyNoTorch, type Reference } from './reference.ts';

const missing = whyNoTorch();

function adopted(model: Model, weights: ReadonlyMap<string, NdArray>): Model {
  const shapes = new Map([...weights].map(([name, w]) => [name, w.shape]));
  const { model: result, diagnostics } = adoptWeights(model, shapes);
  if (result === undefined) throw new Error(diagnostics.map((d) => d.message).join('; '));
  return result;
}

/** `STEP/NAME` for the loss and every weight. */
function train(
  model: Model,
  weights: ReadonlyMap<string, NdArray>,
  input: ReadonlyMap<string, NdArray>,
  steps: number,
): ReadonlyMap<string, NdArray> {
  const optimizer = present(model.training.optimizer, 'optimizer');
  const graph = trainingGraph(model, { optimizer });
  const x = present(input.get('x'), 'x');
  const [batch = 0, time = 0] = x.shape;
  const full: NdArray = { dtype: 'int', shape: [batch], data: new Int32Array(batch).fill(time) };
  const state = new Map<string, NdArray>([...weights]);
  const trace = new Map<string, NdArray>();
  for (let step = 0; step < steps; step++) {
    const inputs = new Map<string, NdArray>();
    for (const p of graph.parameters) inputs.set(p.name, inputOf(p.name, p.role));
    const results = interpret(graph, inputs, { precision: 'f64' });
    trace.set(`${step}/loss`, present(results.get('loss'), 'loss'));
    for (const [name, array] of results) {
      if (!name.startsWith('next/')) continue;
      state.set(name.slice(5), array);
      if (weights.has(name.slice(5))) trace.set(`${step}/${name.slice(5)}`, array);
    }

    function inputOf(name: string, role: string): NdArray {
      const given = state.get(name) ?? input.get(name);
      if (given !== undefined) return given;
      if (name === 'lengths') return full;
      if (name === 'step') return { dtype: 'float', shape: [], data: Float64Array.of(step + 1) };
      if (name.startsWith('optimizer/')) {
        const weight = present(weights.get(name.split('/')[1] ?? ''), name);
        return { ...weight, data: new Float64Array(weight.data.length) };
      }
      if (role !== 'state') throw new Error(`nothing for ${name}`);
      return { dtype: 'float', shape: [batch, 4], data: new Float64Array(batch * 4) };
    }
  }
  return trace;
}

describe('five steps of each optimizer agree with PyTorch', () => {
  let reference: Reference;
  beforeAll(() => {
    if (missing !== undefined) return;
    reference = computeReference(optimizerCases.map((c) => ({ ...optimizerTask, ...c })));
  });
  afterAll(() => {
    if (missing === undefined) reference.remove();
  });

  for (const c of optimizerCases) {
    it(c.spec, (context) => {
      if (missing !== undefined) context.skip(missing);
      const weights = reference.arrays(c.name, 'weights');
      const model = adopted(modelOf(optimizerSpec(c)), weights);
      expect(model.weights.map((w) => w.name).sort()).toEqual([...weights.keys()].sort());
      const trace = train(model, weights, reference.arrays(c.name, 'input'), 5);
      expect(differences(trace, reference.arrays(c.name, 'expected'), 1e-8)).toEqual([]);
    });
  }
});
