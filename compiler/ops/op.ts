/**
 * One record an op: what it is called, what shapes it takes, what it computes, its derivative, and
 * how it maps over time. `all.ts` lists the records; nothing else knows an op by name.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import type { Bindings, Dim } from '../graph/dim.ts';
import type { Attributes, Builder, Graph, TensorType, Value } from '../graph/types.ts';

export type Precision = 'f64' | 'f32';

/** What an op may ask of the interpreter that runs it. */
export interface Evaluation {
  readonly precision: Precision;
  readonly bindings: Bindings;
  /** Runs a scan's body under the same bindings. */
  runBody(body: Graph, inputs: readonly NdArray[]): readonly NdArray[];
}

export interface VjpContext {
  readonly builder: Builder;
  readonly operands: readonly Value[];
  readonly results: readonly Value[];
  readonly attributes: Attributes;
  /** One a result; undefined where nothing flows back. */
  readonly cotangents: readonly (Value | undefined)[];
  /** One an operand: whether its cotangent is wanted. */
  readonly wanted: readonly boolean[];
}

export interface StackContext {
  readonly builder: Builder;
  /** Varying operands already carry the time axis as axis 1; the others are as in the body. */
  readonly operands: readonly Value[];
  readonly varying: readonly boolean[];
  readonly attributes: Attributes;
  readonly time: Dim;
}

/**
 * What an op may ask when one element of its result is written as a kernel expression. Indices have
 * one expression an axis. A bool is an expression of type bool, whatever memory holds.
 */
export interface LowerContext {
  /** Of the element that is wanted; always within the result's shape. */
  readonly index: readonly Expression[];
  /** One an operand: its element at an index. May be asked for any number of times. */
  readonly operands: readonly ElementAt[];
  readonly types: readonly TensorType[];
  readonly attributes: Attributes;
  size(dim: Dim): Expression;
  /**
   * A loop over a box of indices in row-major order with one running value, from `initial`; gives
   * its last value. `next` is called once.
   */
  reduce(
    extents: readonly Expression[],
    initial: Expression,
    next: (index: readonly Expression[], running: Expression) => Expression,
  ): Expression;
  /** The expression, computed once and given a name; for what is used more than once. */
  named(value: Expression): Expression;
}

export type ElementAt = (index: readonly Expression[]) => Expression;

export interface Op {
  readonly name: string;
  /** For the op table: `OPERANDS; ATTRIBUTES: MEANING`, either of the first two may be empty. */
  readonly doc: string;
  /** Result types. Throws CompilerBug on ill-typed operands: no wrong spec reaches this point. */
  infer(operands: readonly TensorType[], attributes: Attributes): readonly TensorType[];
  /** Row-major arrays in and out. In f32 each scalar operation is rounded. */
  evaluate(
    operands: readonly NdArray[],
    attributes: Attributes,
    evaluation: Evaluation,
    results: readonly TensorType[],
  ): readonly NdArray[];
  /**
   * Cotangents of the operands, one each, undefined where zero or not differentiable. Absent for
   * ops whose results are int or bool, or constant. `scan` has its own in 3-differentiate.
   */
  readonly vjp?: (context: VjpContext) => readonly (Value | undefined)[];
  /**
   * The same op for all time steps at once: body values [B, …] become [B, T, …]. Needed to move
   * work out of a scan. At least one operand is varying.
   */
  readonly stack?: (context: StackContext) => readonly Value[];
  /**
   * One element of the result as an expression of kernels, in f32. `scan` has none: it becomes a
   * loop of dispatches (5-schedule).
   */
  readonly lower?: (context: LowerContext) => Expression;
}
