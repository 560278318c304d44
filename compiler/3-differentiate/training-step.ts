/**
 * A whole training step as one graph: forward, backward, clipping, update. Parameters: the model's,
 * `step` (float, 1 at the first update) and `optimizer/WEIGHT/STATE` for each trained weight.
 * Results: `loss`, the metrics' sums and counts, the final states, `gradientNorm` and `norm/WEIGHT`
 * (before any clipping), `rate`, `next/WEIGHT` and `next/optimizer/WEIGHT/STATE`. A model without a
 * loss learns that of its seeds (seeded-loss.ts), which are further parameters.
 */
import { CompilerBug, present } from '../base/bug.ts';
import type { Model, ModelWeight, OptimizerRule } from '../graph/model.ts';
import { tensor, type Graph, type GraphResult, type Value } from '../graph/types.ts';
import { GraphBuilder } from '../ops/builder.ts';
import { clipByNorm, clipByValue, globalNorm, sumOfSquares } from './clip.ts';
import type { ResidualMode } from './residuals.ts';
import { differentiate } from './reverse.ts';
import { lossGraph } from './seeded-loss.ts';

export interface TrainingStepOptions {
  readonly optimizer: OptimizerRule;
  /** Clipping by value comes first where both are asked for. */
  readonly clipValue?: number;
  readonly clipNorm?: number;
  readonly residuals?: ResidualMode;
  /** Of a model without a loss; all float outputs and final states if not given. */
  readonly seeds?: readonly string[];
  /** Whether `d/WEIGHT` are results as well, as the update gets them: after clipping. */
  readonly gradients?: boolean;
  /** Weights for which it says no stay as they are; all are trained if it is not given. */
  readonly trainable?: (weight: ModelWeight) => boolean;
  /** Name of a further parameter, a float scalar, by which the learning rate is multiplied. */
  readonly rateFactor?: string;
}

export function trainingStep(model: Model, options: TrainingStepOptions): Graph {
  const names = model.weights.filter(options.trainable ?? (() => true)).map((w) => w.name);
  const gradient = differentiate(lossGraph(model, options.seeds), {
    loss: 'loss',
    wrt: names,
    residuals: options.residuals ?? 'store',
  });
  const b = new GraphBuilder();
  const parameters = new Map(
    gradient.parameters.map((p) => [p.name, b.parameter(p.name, p.value.type, p.role)]),
  );
  const values = b.inline(gradient, [...parameters.values()]);
  const found = new Map(gradient.results.map((r, i) => [r.name, values[i]]));
  const weights = names.map((name) => ({
    name,
    weight: present(parameters.get(name), name),
    gradient: present(found.get(`d/${name}`), `the gradient of ${name}`),
  }));
  const squares = weights.map((w) => sumOfSquares(b, w.gradient));
  const norm = globalNorm(b, squares);
  const clipped = clip(
    b,
    weights.map((w) => w.gradient),
    norm,
    options,
  );
  const moving = weights.map((w, i) => ({ ...w, gradient: present(clipped[i], w.name) }));
  const given = moving.map((w) => ({ name: `d/${w.name}`, value: w.gradient }));
  const updates = update(b, moving, options.optimizer, options.rateFactor);
  return b.finish(`${gradient.name}.step`, [
    ...kept(model, found),
    { name: 'gradientNorm', value: norm },
    ...weights.map((w, i) => ({
      name: `norm/${w.name}`,
      value: b.emit('sqrt', [present(squares[i], w.name)]),
    })),
    ...(options.gradients === true ? given : []),
    ...updates,
  ]);
}

/**
 * The update alone: `d/WEIGHT` is a parameter, as a training step with `gradients` has it as a
 * result. Other parameters and results are those of the step.
 */
export function updateStep(model: Model, optimizer: OptimizerRule): Graph {
  const b = new GraphBuilder();
  const weights = model.weights.map(({ name, shape }) => {
    const type = tensor('float', shape);
    const weight = b.parameter(name, type, 'weight');
    return { name, weight, gradient: b.parameter(`d/${name}`, type, 'input') };
  });
  return b.finish(`${model.name}.update`, update(b, weights, optimizer));
}

/** The model's results that a driver reads at each step; not the outputs. */
function kept(model: Model, found: ReadonlyMap<string, Value | undefined>): GraphResult[] {
  const metrics = model.metrics.flatMap((m) => [m.sum, m.count]);
  const names = new Set(['loss', ...metrics, ...model.states.map((s) => s.final)]);
  return [...names].map((name) => ({
    name,
    value: present(found.get(name), `the result ${name}`),
  }));
}

function clip(
  b: GraphBuilder,
  gradients: readonly Value[],
  norm: Value,
  { clipValue, clipNorm }: TrainingStepOptions,
): readonly Value[] {
  const byValue =
    clipValue === undefined ? gradients : gradients.map((g) => clipByValue(b, g, clipValue));
  if (clipNorm === undefined) return byValue;
  const current =
    clipValue === undefined
      ? norm
      : globalNorm(
          b,
          byValue.map((g) => sumOfSquares(b, g)),
        );
  return clipByNorm(b, byValue, current, clipNorm);
}

interface WeightGradient {
  readonly name: string;
  readonly weight: Value;
  readonly gradient: Value;
}

function update(
  b: GraphBuilder,
  weights: readonly WeightGradient[],
  optimizer: OptimizerRule,
  factor?: string,
): GraphResult[] {
  const scalar = tensor('float', []);
  const step = b.parameter('step', scalar, 'control');
  const told = optimizer.rate(b, step);
  const rate =
    factor === undefined ? told : b.emit('mul', [told, b.parameter(factor, scalar, 'control')]);
  const results: GraphResult[] = [{ name: 'rate', value: rate }];
  for (const { name, weight, gradient } of weights) {
    const stateNames = optimizer.states.map((state) => `optimizer/${name}/${state}`);
    const states = stateNames.map((state) => b.parameter(state, weight.type, 'state'));
    const next = optimizer.update(b, { weight, gradient, states, rate, step });
    if (next.states.length !== states.length) {
      throw new CompilerBug('training-step', `${optimizer.name} loses a state`);
    }
    results.push({ name: `next/${name}`, value: next.weight });
    next.states.forEach((value, i) => {
      results.push({ name: `next/${present(stateNames[i], 'a state')}`, value });
    });
  }
  return results;
}
