/** A model with settled widths to what the training loop runs: graphs, engines, their account. */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { stepFeeds } from '../../../runtime/train/step.ts';
import type { Metric, TrainingProgram } from '../../../runtime/artifact/training.ts';
import { evaluateShape, type Bindings } from '../../graph/dim.ts';
import type { Model, ModelMetric } from '../../graph/model.ts';
import { resultGraph } from '../../pipeline.ts';
import { graphUse, loadEngine } from '../engine.ts';
import type { EngineOptions } from '../options.ts';
import { requireLoss, stepGraph } from '../step-graph.ts';
import type { RunSettings } from './settings.ts';

/** R7603 for a model without a loss or an optimizer. */
export function trainingProgram(
  model: Model,
  bindings: Bindings,
  precision: TrainingProgram['precision'],
): TrainingProgram {
  requireLoss(model);
  return {
    weights: model.weights.map(({ name, shape, layer }) => ({
      name,
      shape: evaluateShape(shape, bindings),
      layer,
    })),
    optimizerStates: model.training.optimizer?.states ?? [],
    states: model.states.map(({ initial, final, type }) => ({
      initial,
      final,
      shape: evaluateShape(type.shape.slice(1), bindings),
      dtype: type.dtype === 'int' ? 'int' : 'float',
    })),
    metrics: model.metrics.map(metricOf),
    random: model.graph.parameters.some((p) => p.name === 'random'),
    precision,
  };
}

/** One update; `carries` if batches go on from the states of the ones before. */
export async function trainingExecutable(
  model: Model,
  settings: Pick<RunSettings, 'clipNorm' | 'clipValue' | 'residuals'>,
  engine: EngineOptions,
  bindings: Bindings,
  carries: boolean,
): Promise<Executable> {
  const graph = stepGraph(model, graphUse(engine), settings);
  const feeds = stepFeeds(trainingProgram(model, bindings, engine.dtype), carries);
  return loadEngine(graph, engine, { model, bindings, feeds });
}

/**
 * Loss, sums and counts of the metrics, final states, and the outputs that `outputs` names. `model`
 * is the one for inference, whose dropout does nothing.
 */
export async function lossExecutable(
  model: Model,
  engine: EngineOptions,
  bindings: Bindings,
  outputs: readonly string[] = [],
): Promise<Executable> {
  requireLoss(model);
  const names = new Set([
    'loss',
    ...model.metrics.flatMap((m) => [m.sum, m.count]),
    ...model.states.map((s) => s.final),
    ...outputs,
  ]);
  const graph = resultGraph(model, [...names], graphUse(engine));
  return loadEngine(graph, engine, { model, bindings });
}

/** `nats` is told to people as perplexity; a second loss's metrics have the graph's numbers. */
function metricOf({ name, sum, count }: ModelMetric): Metric {
  const number = /\d*(?=\/)/.exec(sum)?.[0] ?? '';
  return { kind: name, label: `${name === 'nats' ? 'perplexity' : name}${number}`, sum, count };
}
