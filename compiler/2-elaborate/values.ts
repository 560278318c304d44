/**
 * What an expression of a spec denotes while it is elaborated: a tensor of the graph, a layer that
 * waits for its input, or something static (a number, a dimension, a word, a function).
 */
import type { Span } from '../base/source.ts';
import type { Dim, Shape } from '../graph/dim.ts';
import type { Value } from '../graph/types.ts';
import type { InitializerSpec } from './initializers.ts';

export type Denotation =
  | Tensor
  | PendingWeight
  | Layer
  | FunctionReference
  | Static
  | Dimension
  | Word
  | Text
  | Sequence
  | InitializerSpec
  | Nothing;

/** A value of the graph, with what its axes mean. Axes: batch, then time, then features. */
export interface Tensor {
  readonly kind: 'tensor';
  readonly value: Value;
  readonly batch: boolean;
  readonly time?: TimeAxis;
  /** How many ids there are, for int tensors that hold ids. */
  readonly ids?: Dim;
  /** True when an id may be -1, "no token": before the first step of a shifted sequence. */
  readonly sparse?: boolean;
  /** Depends on a state of the cell at hand: its columns of a stacked weight are recurrent. */
  readonly recurrent?: boolean;
  /** For probabilities: the unnormalised logarithms that they came from. */
  readonly distribution?: { readonly kind: 'softmax' | 'sigmoid'; readonly logits: Value };
  /** Where its feature axes were written, for messages about clashes. */
  readonly span: Span;
}

export interface TimeAxis {
  readonly symbol: string;
  readonly dim: Dim;
  /** int [B]. Absent for a sequence whose every row is full. */
  readonly lengths?: Value;
}

/** An undeclared `b…`: a vector that takes its shape from what it first meets. */
export interface PendingWeight {
  readonly kind: 'pending';
  readonly name: string;
  readonly span: Span;
}

/** A layer with its arguments, waiting for an input. */
export interface Layer {
  readonly kind: 'layer';
  /** The last part of its path: `lstm`. */
  readonly name: string;
  /** As in the spec: `lstm(128, depth=2)`. */
  readonly label: string;
  readonly span: Span;
  readonly apply: (input: Tensor, at: Placement) => Tensor | undefined;
}

/** Where in the model a layer stands. */
export interface Placement {
  /** Path of the instance: `lstm.l0.forward`. */
  readonly path: string;
  /** Path of the stage that the instance belongs to, and which layer of its depth this is. */
  readonly stage: string;
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
}

export interface FunctionReference {
  readonly kind: 'function';
  readonly name: string;
  readonly span: Span;
}

export interface Static {
  readonly kind: 'number';
  readonly value: number;
  readonly span: Span;
}

/** A width that is not (yet) a number. */
export interface Dimension {
  readonly kind: 'dim';
  readonly dim: Dim;
  readonly span: Span;
}

/** A bare word that names nothing: `after` in `reset = after`, `true`, `none`. */
export interface Word {
  readonly kind: 'word';
  readonly text: string;
  readonly span: Span;
}

export interface Text {
  readonly kind: 'text';
  readonly text: string;
  readonly span: Span;
}

export interface Sequence {
  readonly kind: 'list';
  readonly items: readonly Denotation[];
  readonly span: Span;
}

/** The result of a mistake that has been reported; breeds no more diagnostics. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly span: Span;
}

export function nothing(span: Span): Nothing {
  return { kind: 'nothing', span };
}

/** The feature axes: all but batch and time. */
export function featureShape(t: Tensor): Shape {
  return t.value.type.shape.slice((t.batch ? 1 : 0) + (t.time === undefined ? 0 : 1));
}

/** The number of leading axes that are not features. */
export function leadingAxes(t: Tensor): number {
  return (t.batch ? 1 : 0) + (t.time === undefined ? 0 : 1);
}
