/**
 * One record an op: what it is called, what shapes it takes, what it computes, its derivative, and
 * how it maps over time. `all.ts` lists the records; nothing else knows an op by name.
 */
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
}
