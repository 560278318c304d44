/**
 * The graph of the `grad` command: all results of a model, `loss`, and `d/NAME` for every weight,
 * float input and initial state. A model without a loss gets one from seeds (see seeded-loss.ts):
 * a further input `dOUTPUT` for each output and `PATH.dcn` for each final state `PATH.cn`.
 */
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import type { ResidualMode } from './residuals.ts';
import { differentiate } from './reverse.ts';
import { lossGraph } from './seeded-loss.ts';

export interface GradientOptions {
  readonly residuals?: ResidualMode;
  /**
   * Results that are seeded where there is no loss; all float outputs and final states if not
   * given.
   */
  readonly seeds?: readonly string[];
}

export function gradientGraph(model: Model, options: GradientOptions = {}): Graph {
  const wrt = model.graph.parameters
    .filter((p) => p.role !== 'control' && p.value.type.dtype === 'float')
    .map((p) => p.name);
  return differentiate(lossGraph(model, options.seeds), {
    loss: 'loss',
    wrt,
    residuals: options.residuals ?? 'store',
  });
}
