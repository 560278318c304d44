/**
 * One update of a model as `train` runs it: the graph with the clipping that the spec asks for, and
 * which of its results is the next value of which parameter.
 */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import { trainingGraph, type GraphUse } from '../pipeline.ts';
import { requireLoss } from './training/program.ts';
import { runSettings } from './training/settings.ts';

/** R7603 for a model without a loss or an optimizer. */
export function stepGraph(model: Model, use: GraphUse): Graph {
  requireLoss(model);
  const { optimizer } = model.training;
  if (optimizer === undefined) throw new RuntimeFault('R7603', 'the spec has no optimizer');
  const { clipNorm, clipValue, residuals } = runSettings([model.training.settings]);
  const options = {
    optimizer,
    residuals,
    // A bound of 0 would forbid every update: it means no clipping.
    ...(clipNorm === undefined || clipNorm === 0 ? {} : { clipNorm }),
    ...(clipValue === undefined || clipValue === 0 ? {} : { clipValue }),
  };
  return trainingGraph(model, options, use);
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
