/**
 * The graph IR: typed, pure, static single assignment. A graph is a flat list of instructions over
 * values; a `scan` instruction holds its step as a closed graph of its own. What each op means is
 * defined in `ops/`, one file an op; this folder knows only the form.
 *
 * Conventions that every graph keeps (graph/verify.ts):
 * - batch is axis 0 and time is axis 1 of every sequence; a value without either has neither;
 * - inside a scan body, a value that depends on the carry or on `xs` has batch as axis 0 and no
 *   time axis;
 * - elementwise ops take operands of one shape; broadcasting is an instruction.
 */
import type { Dim, Shape } from './dim.ts';

/** `float` is f64 or f32 as the executor chooses; `int` is 32 bits. */
export type Dtype = 'float' | 'int' | 'bool';

export interface TensorType {
  readonly dtype: Dtype;
  readonly shape: Shape;
}

export interface Value {
  /** Unique in its graph; a scan body numbers its own values. */
  readonly id: number;
  readonly type: TensorType;
}

export type AttributeValue =
  number | boolean | string | Dim | readonly number[] | readonly Dim[] | Graph;

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Where an instruction came from; survives every pass. */
export interface Origin {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** Path of the layer instance: `lstm.l0.forward`. */
  readonly layer?: string;
}

export interface Instruction {
  readonly op: string;
  readonly operands: readonly Value[];
  readonly attributes: Attributes;
  readonly results: readonly Value[];
  readonly origin?: Origin;
}

/**
 * What a parameter of a graph is for. `weight`s are trained; `state`s are initial states (and in a
 * training step the optimizer's); `control` is everything else that a driver supplies (lengths,
 * seed, step); `local` is a parameter of a scan body.
 */
export type Role = 'input' | 'weight' | 'state' | 'control' | 'local';

export interface GraphParameter {
  readonly name: string;
  readonly role: Role;
  readonly value: Value;
}

export interface GraphResult {
  readonly name: string;
  readonly value: Value;
}

export interface Graph {
  readonly name: string;
  readonly parameters: readonly GraphParameter[];
  readonly instructions: readonly Instruction[];
  readonly results: readonly GraphResult[];
}

/**
 * Attributes of `scan`. Operands, in order: constants, initial carries, xs ([B, T, …]), then
 * lengths (int [B]) if `lengths`. Body parameters: constants, carries ([B, …]), xs of one step ([B,
 * …]). Body results: next carries, then ys of one step ([B, …]). Results: final carries, then ys
 * ([B, T, …]). With lengths, a row that is past its length keeps its carry and yields zeros; with
 * `reverse`, time runs from T-1 down to 0.
 */
export interface ScanAttributes {
  readonly constants: number;
  readonly carries: number;
  readonly xs: number;
  readonly lengths: boolean;
  readonly reverse: boolean;
  readonly time: Dim;
  readonly body: Graph;
}

/** Appends instructions to a graph under construction and infers their result types. */
export interface Builder {
  /** An op with one result. */
  emit(op: string, operands: readonly Value[], attributes?: Attributes): Value;
  /** An op with any number of results. */
  emitMany(op: string, operands: readonly Value[], attributes?: Attributes): readonly Value[];
  /** Runs `body` so that what it emits carries the origin. */
  withOrigin<T>(origin: Origin | undefined, body: () => T): T;
}

export function isGraph(value: AttributeValue | undefined): value is Graph {
  return typeof value === 'object' && 'instructions' in value;
}

export function isDim(value: AttributeValue | undefined): value is Dim {
  return typeof value === 'object' && 'terms' in value;
}

export function tensor(dtype: Dtype, shape: Shape): TensorType {
  return { dtype, shape };
}
