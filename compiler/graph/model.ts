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
  /** Every cell and layer with weights or states, in the order of application. */
  readonly instances: readonly LayerInstance[];
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

/**
 * How a weight begins. `blocks` splits the last axis: a stacked product has one block an operand.
 */
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
  /** For a stacked product, its column blocks, left to right. */
  readonly blocks?: readonly WeightBlock[];
  /** Path of the layer that owns it. */
  readonly layer: string;
  readonly span: Span;
}

export interface WeightBlock {
  readonly columns: Dim;
  /** True where the block multiplies something that depends on the cell's state. */
  readonly recurrent: boolean;
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
}

export type SettingValue = number | string | boolean;

export interface TrainingSettings {
  /** `batch`, `epochs`, `steps`, `clipNorm`, `clipValue`, `truncate`, `validation`, … as given. */
  readonly settings: ReadonlyMap<string, SettingValue>;
  /** `adam` of specs/std where the spec names none; undefined where what it names is wrong. */
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

/** One cell or layer in the model; a stage of depth 3, both directions, has six. */
export interface LayerInstance {
  /** `lstm.l0.forward`; its weights are named `lstm.l0.forward.Wi`, … */
  readonly path: string;
  /** Path of the stage that it belongs to: `lstm`. */
  readonly stage: string;
  /** The cell's or layer's name in the language. */
  readonly definition: string;
  readonly recurrent: boolean;
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  /** From `layout pytorch(…)` in the language; undefined if it has none. */
  readonly layout?: CellLayout;
}

/**
 * How a foreign format names and stacks a layer's weights. Recurrent: `gates` and `biases` in the
 * order of the foreign blocks, `states` in the order h, c. Others: `weight`, `bias`. Names are the
 * layer's own, without the path.
 */
export interface CellLayout {
  readonly format: string;
  readonly settings: ReadonlyMap<string, readonly LayoutTerm[]>;
}

/**
 * `Wu` (one stacked weight: `input` and `recurrent` name the same), `[Wc, Uc]` (apart), `-Wu` (the
 * foreign block is the negative of ours).
 */
export interface LayoutTerm {
  readonly negated: boolean;
  readonly input: string;
  readonly recurrent: string;
}
