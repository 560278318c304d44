/**
 * What the training loop must know of a compiled training step besides how to run it. The program's
 * parameters: the batch's inputs; weights by name; `step` (float scalar, from 1); `random` (int
 * [2]: seed and step) if `random`; `optimizer/WEIGHT/STATE`; initial states. Its results: `loss`,
 * `next/WEIGHT`, `next/optimizer/WEIGHT/STATE`, `gradientNorm`, `norm/WEIGHT`, `rate`, final
 * states, sums and counts of metrics.
 */
import type { BundleDescription } from './bundle.ts';

export interface TrainingProgram {
  readonly weights: readonly TrainedWeight[];
  /** States that the optimizer keeps for each weight, each of the weight's shape, zero at first. */
  readonly optimizerStates: readonly string[];
  readonly states: readonly CarriedState[];
  readonly metrics: readonly Metric[];
  /** Whether the training step has the parameter `random`; a validation program never has. */
  readonly random: boolean;
  /** Element type of weights and states: f64 gives Float64Array, f32 Float32Array. */
  readonly precision: 'f64' | 'f32';
}

export interface TrainedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** Path of the layer that owns it, for messages. */
  readonly layer: string;
}

export interface CarriedState {
  /** The parameter, `PATH.h0`. */
  readonly initial: string;
  /** The result, `PATH.hn`. */
  readonly final: string;
  /** Without the batch axis. */
  readonly shape: readonly number[];
  /** Ids that travel through time are `int`; `float` if left out. */
  readonly dtype?: 'float' | 'int';
}

/** Two scalar results that add up over batches. */
export interface Metric {
  /** `nats`: a negative log likelihood, told to people as perplexity; `accuracy`: right ones. */
  readonly kind: 'nats' | 'accuracy';
  /** Its name in logs and progress: `perplexity`, `accuracy`, `names.accuracy`; each once. */
  readonly label: string;
  readonly sum: string;
  readonly count: string;
}

/** What a bundle that can be trained says of that: data that the compiler wrote into it. */
export interface BundleTraining extends Pick<BundleDescription, 'inputs' | 'lengths'> {
  readonly program: TrainingProgram;
  /** Examples of one update, unless a person says otherwise. */
  readonly batch: number;
  /** The text whose end is a token that is learned like any other. */
  readonly ended?: string;
  /** Time steps of a chunk, where all texts are one stream (train/stream.ts). */
  readonly truncate?: number;
}

/** The parameter by which the learning rate of a bundle's step is multiplied. */
export const rateFactor = 'fit/rate';
