/**
 * The graphs that a training check runs: the step as it is trained, the same with its gradients as
 * results for the oracle, and the update alone. Each is made once for each way to train.
 */
import { compile, trainingGraph, updateGraph, type GraphUse } from '../../pipeline.ts';
import type { Model, OptimizerRule } from '../../graph/model.ts';
import type { Graph } from '../../graph/types.ts';
import type { TrainingDraw } from './draw.ts';

export interface TrainedGraph {
  readonly model: Model;
  readonly graph: Graph;
  /** Results that become parameters of the next step, by parameter. */
  readonly feeds: ReadonlyMap<string, string>;
}

interface Way {
  readonly optimizer: OptimizerRule;
  readonly residuals: 'store' | 'recompute';
  readonly clipNorm?: number;
  readonly clipValue?: number;
}

export class TrainingGraphs {
  private readonly model: Model;
  private readonly made = new Map<string, TrainedGraph>();

  /** `model` is compiled for training. */
  constructor(model: Model) {
    this.model = model;
  }

  /** `gradients`: whether `d/WEIGHT`, as the update gets them, are results as well. */
  step(draw: TrainingDraw, use: GraphUse, gradients = false): TrainedGraph {
    const key = `${use} ${gradients} ${draw.carries} ${this.keyOf(draw)}`;
    return this.kept(key, () => {
      const graph = trainingGraph(this.model, { ...this.wayOf(draw), gradients }, use);
      const fed = graph.results.flatMap(({ name }): [string, string][] =>
        name.startsWith('next/') ? [[name.slice('next/'.length), name]] : [],
      );
      const carried = draw.carries ? this.model.states : [];
      const states = carried.map((s): [string, string] => [s.initial, s.final]);
      return { model: this.model, graph, feeds: new Map([...fed, ...states]) };
    });
  }

  /** For the interpreter. */
  update(draw: TrainingDraw): TrainedGraph {
    return this.kept(`update ${this.keyOf(draw)}`, () => {
      const graph = updateGraph(this.model, this.wayOf(draw).optimizer);
      return { model: this.model, graph, feeds: new Map() };
    });
  }

  private keyOf({ own, steps, carries, ...draw }: TrainingDraw): string {
    return own && this.model.training.optimizer !== undefined ? 'own' : JSON.stringify(draw);
  }

  private wayOf(draw: TrainingDraw): Way {
    const { optimizer, settings } = this.model.training;
    if (!draw.own || optimizer === undefined) {
      const { clipNorm, clipValue, residuals } = draw;
      return {
        ...{ optimizer: optimizerOf(draw.optimizer), residuals },
        ...(clipNorm === undefined ? {} : { clipNorm }),
        ...(clipValue === undefined ? {} : { clipValue }),
      };
    }
    // A bound of 0 is none, as for `train`.
    const boundOf = (name: string): number | undefined => {
      const bound = settings.get(name);
      return typeof bound === 'number' && bound > 0 ? bound : undefined;
    };
    const [clipNorm, clipValue] = [boundOf('clipNorm'), boundOf('clipValue')];
    return {
      optimizer,
      residuals: settings.get('residuals') === 'recompute' ? 'recompute' : 'store',
      ...(clipNorm === undefined ? {} : { clipNorm }),
      ...(clipValue === undefined ? {} : { clipValue }),
    };
  }

  private kept(key: string, make: () => TrainedGraph): TrainedGraph {
    const found = this.made.get(key) ?? make();
    this.made.set(key, found);
    return found;
  }
}

const optimizers = new Map<string, OptimizerRule>();

/** An optimizer of the standard library, by its call. */
function optimizerOf(call: string): OptimizerRule {
  const known = optimizers.get(call);
  if (known !== undefined) return known;
  const text = `model m {
    input x: float[1]
    output y = x -> dense(1)
    loss mse(y, x)
    train ${call}
  }`;
  const { model } = compile({ name: 'optimizer.gate', text }, { mode: 'training' });
  const rule = model?.training.optimizer;
  if (rule === undefined) throw new Error(`${call} is no optimizer`);
  optimizers.set(call, rule);
  return rule;
}
