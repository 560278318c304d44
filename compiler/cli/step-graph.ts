/**
 * One update of a model as `train` runs it: the graph with the clipping that the spec asks for, and
 * which of its results is the next value of which parameter.
 */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import { trainingGraph, type GraphUse } from '../pipeline.ts';
import { runSettings, type RunSettings } from './training/settings.ts';

interface StepSettings extends Pick<RunSettings, 'clipNorm' | 'clipValue' | 'residuals'> {
  /** As `trainingStep` has it. */
  readonly rateFactor?: string;
}

/** R7603 for a model without a loss or an optimizer; the spec's settings if none are given. */
export function stepGraph(
  model: Model,
  use: GraphUse,
  settings: StepSettings = runSettings([model.training.settings]),
): Graph {
  requireLoss(model);
  const { optimizer } = model.training;
  if (optimizer === undefined) throw new RuntimeFault('R7603', 'the spec has no optimizer');
  const { clipNorm, clipValue, residuals, rateFactor } = settings;
  const options = {
    optimizer,
    residuals,
    ...(rateFactor === undefined ? {} : { rateFactor }),
    // A bound of 0 would forbid every update: it means no clipping.
    ...(clipNorm === undefined || clipNorm === 0 ? {} : { clipNorm }),
    ...(clipValue === undefined || clipValue === 0 ? {} : { clipValue }),
  };
  return trainingGraph(model, options, use);
}

export function requireLoss(model: Model): void {
  if (model.graph.results.some((r) => r.name === 'loss')) return;
  throw new RuntimeFault(
    'R7603',
    `${model.name} has no loss, and nothing else says what it should learn`,
    'add one to the model: loss crossEntropy(OUTPUT, TARGET) or loss mse(OUTPUT, TARGET)',
  );
}

/** Of a training step: each result `next/NAME` by its parameter NAME. */
export function updatesOf(graph: Graph): Map<string, string> {
  const names = graph.results.map((r) => r.name).filter((name) => name.startsWith(prefix));
  return new Map(names.map((name) => [name.slice(prefix.length), name]));
}

export function canTrain(model: Model): boolean {
  const hasLoss = model.graph.results.some((r) => r.name === 'loss');
  return hasLoss && model.training.optimizer !== undefined;
}

const prefix = 'next/';
