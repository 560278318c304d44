/**
 * The model that is verified, as the graphs that checks run: `values` (outputs and final states),
 * `gradients` (with the loss, and dropout at work), `steady` (the same without dropout) and
 * `seeded`, gradients of sum(y * dy), in which rows of a batch do not meet: laws are about those.
 * `training` is a whole training step.
 */
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import { printGraph } from '../graph/print.ts';
import type { Graph } from '../graph/types.ts';
import { forProcessors, gradientGraph, inferenceGraph, type GraphUse } from '../pipeline.ts';
import type { Arrays } from './arrays.ts';
import { flushing, roughened } from './roughened.ts';
import type { TrainingDraw } from './training/draw.ts';
import { TrainingGraphs } from './training/graphs.ts';

export interface SubjectOptions {
  /** The text that the models were compiled from. */
  readonly text: string;
  /** Compiled for inference and for training. */
  readonly model: Model;
  readonly training: Model;
  /** Weights that are given; else they are drawn. */
  readonly weights?: Arrays;
  /** Widths that the weights settle. */
  readonly bindings?: Bindings;
}

export type GraphKind = 'values' | 'gradients' | 'steady' | 'seeded' | 'training';

/** What one run of a graph is judged by. */
export type PlainKind = Exclude<GraphKind, 'training'>;

export interface SubjectGraph {
  readonly model: Model;
  readonly graph: Graph;
  /** Of a training step. */
  readonly feeds?: ReadonlyMap<string, string>;
}

export class VerifySubject {
  readonly text: string;
  readonly model: Model;
  readonly training: Model;
  readonly weights: Arrays;
  readonly bindings: Bindings;
  /** Inputs that only the loss reads. */
  readonly targets: ReadonlySet<string>;
  readonly trained: TrainingGraphs;
  private readonly made = new Map<string, SubjectGraph>();
  private readonly varied = new Map<Graph, readonly Graph[]>();
  private readonly flushed = new Map<Graph, Graph>();
  private readonly dropsNothing: boolean;

  constructor(options: SubjectOptions) {
    const { text, model, training, weights = new Map(), bindings = new Map() } = options;
    this.text = text;
    this.model = model;
    this.training = training;
    this.trained = new TrainingGraphs(training);
    this.weights = weights;
    this.bindings = bindings;
    const read = new Set(this.graph('values', 'interpreter').graph.parameters.map((p) => p.name));
    this.targets = new Set(model.inputs.map((i) => i.name).filter((name) => !read.has(name)));
    this.dropsNothing = printGraph(model.graph) === printGraph(training.graph);
  }

  /** A training step as `how` says. */
  graph(kind: GraphKind, use: GraphUse, how: TrainingDraw): SubjectGraph;
  graph(kind: PlainKind, use: GraphUse): SubjectGraph;
  graph(kind: GraphKind, use: GraphUse, how?: TrainingDraw): SubjectGraph {
    if (kind === 'training') {
      if (how === undefined) throw new Error('a training step of no optimizer');
      return this.trained.step(how, use);
    }
    const key = `${kind} ${use}`;
    const found = this.made.get(key) ?? this.make(kind, use);
    this.made.set(key, found);
    return found;
  }

  /**
   * What backends may make of a graph for kernels: its functions a unit of the last place too large
   * or too small, or its products with one-hot codes as choices of rows.
   */
  variants(graph: Graph): readonly Graph[] {
    const found = this.varied.get(graph) ?? [
      roughened(graph, 1),
      roughened(graph, -1),
      forProcessors(graph),
    ];
    this.varied.set(graph, found);
    return found;
  }

  /** A graph for kernels on a device that has no numbers below the normal ones. */
  flushing(graph: Graph): Graph {
    const found = this.flushed.get(graph) ?? flushing(graph);
    this.flushed.set(graph, found);
    return found;
  }

  private make(kind: PlainKind, use: GraphUse): SubjectGraph {
    switch (kind) {
      case 'values':
        return { model: this.model, graph: inferenceGraph(this.model, use) };
      case 'gradients':
        return { model: this.training, graph: gradientGraph(this.training, use) };
      // Graphs that are equal are the same one, so that it is compiled once.
      case 'steady':
        if (this.dropsNothing) return this.graph('gradients', use);
        return { model: this.model, graph: gradientGraph(this.model, use) };
      case 'seeded': {
        if (!hasLoss(this.model)) return this.graph('steady', use);
        const model = withoutLoss(this.model);
        return { model, graph: gradientGraph(model, use) };
      }
      default:
        return kind satisfies never;
    }
  }
}

export function hasLoss(model: Model): boolean {
  return model.graph.results.some((r) => r.name === 'loss');
}

function withoutLoss(model: Model): Model {
  const { graph } = model;
  return { ...model, graph: { ...graph, results: graph.results.filter((r) => r.name !== 'loss') } };
}
