/**
 * An elaborated model: its graph and what a driver must know to feed it. Everything here is data.
 *
 * The graph's parameters are named: inputs by their names; `lengths` (int [B]) for the sequences of
 * the first time symbol, `lengths/S` for another symbol S; weights by their names; initial states
 * `PATH.h0`; `random` (int [2]: seed, step) where dropout needs it. Its results: outputs by name (0
 * past a sequence's length), final states `PATH.hn`, `loss` if there is one, and metrics.
 */
import type { Span } from '../base/source.ts';
import type { Dim, Shape } from './dim.ts';
import type { Builder, Graph, TensorType, Value } from './types.ts';

export interface Model {
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: readonly ModelInput[];
  readonly weights: readonly ModelWeight[];
  readonly states: readonly ModelState[];
  readonly outputs: readonly ModelOutput[];
  readonly metrics: readonly ModelMetric[];
  readonly training: TrainingSettings;
  readonly layers: readonly LayerSummary[];
  /** The recurrent stages, for foreign weight formats. */
  readonly stages: readonly RecurrentStage[];
  /** True when the whole spec is one recurrent stage: it then speaks h0/c0, hn/cn. */
  readonly singleStage: boolean;
}

export interface ModelInput {
  readonly name: string;
  readonly element: 'float' | 'words' | 'characters' | 'class' | 'ids';
  readonly type: TensorType;
  /** How many ids there are; for float undefined. */
  readonly size?: Dim;
  /** The time symbol of a sequence; undefined for one value a row. */
  readonly time?: string;
  /** Name of the parameter that holds this sequence's lengths. */
  readonly lengths?: string;
  readonly span: Span;
}

/** How a weight begins. `blocks` splits the last axis: a stacked product has one block an operand. */
export type Initializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'glorot' }
  | { readonly kind: 'he' }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity' }
  | { readonly kind: 'blocks'; readonly blocks: readonly InitializerBlock[] };

export interface InitializerBlock {
  readonly columns: Dim;
  readonly initializer: Initializer;
}

export interface ModelWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Path of the layer that owns it. */
  readonly layer: string;
  readonly span: Span;
}

export interface ModelState {
  /** `PATH.c0`, a graph parameter. */
  readonly initial: string;
  /** `PATH.cn`, a graph result. */
  readonly final: string;
  readonly type: TensorType;
  readonly layer: string;
  readonly time: string;
}

export interface ModelOutput {
  readonly name: string;
  readonly type: TensorType;
  readonly time?: string;
  readonly lengths?: string;
  /** What the numbers are, where the spec says: probabilities over the last axis, or each alone. */
  readonly distribution?: 'softmax' | 'sigmoid';
  readonly span: Span;
}

/** A result of the graph that adds up over batches: mean = sum / count. */
export interface ModelMetric {
  readonly name: 'accuracy' | 'nats';
  /** Graph results, scalars. */
  readonly sum: string;
  readonly count: string;
  /** The input that is compared with. */
  readonly target: string;
  readonly output: string;
}

export type SettingValue = number | string | boolean;

export interface TrainingSettings {
  /** `batch`, `epochs`, `steps`, `clipNorm`, `clipValue`, `truncate`, `validation`, … as given. */
  readonly settings: ReadonlyMap<string, SettingValue>;
  /** Undefined when the spec names none; drivers then use std/adam. */
  readonly optimizer?: OptimizerRule;
}

/** An optimizer of the language (specs/std), ready to be inlined into a training step. */
export interface OptimizerRule {
  readonly name: string;
  /** States that it keeps for each weight, each of the weight's shape, zero at first. */
  readonly states: readonly string[];
  /** Learning rate at `step` (float scalar, 1 at the first update), with its schedule. */
  rate(b: Builder, step: Value): Value;
  update(b: Builder, at: OptimizerPoint): { weight: Value; states: readonly Value[] };
}

export interface OptimizerPoint {
  readonly weight: Value;
  readonly gradient: Value;
  readonly states: readonly Value[];
  readonly rate: Value;
  readonly step: Value;
}

/** One line of `show`. */
export interface LayerSummary {
  readonly path: string;
  readonly label: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly weights: readonly string[];
}

/** `depth` × `directions` instances of one cell, layer by layer, forward before reverse. */
export interface RecurrentStage {
  readonly path: string;
  readonly depth: number;
  readonly directions: 1 | 2;
  readonly instances: readonly CellInstance[];
}

export interface CellInstance {
  readonly path: string;
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly inputWidth: Dim;
  /** From the cell's `layout pytorch(…)`, names without the path; undefined if it has none. */
  readonly layout?: CellLayout;
}

/** How a foreign format stacks a cell's weights by gate. */
export interface CellLayout {
  readonly format: string;
  readonly settings: ReadonlyMap<string, readonly string[]>;
}
