/**
 * The graph as the schedule sees it: one node a value, bodies of scans among them. A node in a body
 * refers to nodes outside it directly, so that a constant of the scan is the outer node itself and
 * whatever is cheap enough to be computed anew needs no memory.
 *
 * Where a node lies in memory, if it lies anywhere, is its place: an affine form over its index.
 */
import type { Expression, MemoryType } from '../../runtime/artifact/kernel.ts';
import type { Polynomial } from '../graph/polynomial.ts';
import type { Dtype, Instruction, TensorType } from '../graph/types.ts';

/** A stretch of memory that the plan will place. */
export interface Tensor {
  readonly name: string;
  readonly element: MemoryType;
  /** The arena that it lies in, where that is another one than its element's. */
  readonly arena?: MemoryType;
  /** Elements. */
  readonly length: Polynomial;
  /** A parameter's: it keeps its place from one run to the next. */
  readonly kept: boolean;
}

/** Element (i, j, …) is at `base + i*strides[0] + j*strides[1] + …` of the tensor. */
export interface Place {
  readonly tensor: Tensor;
  readonly base: Expression;
  readonly strides: readonly Expression[];
}

/** How the value of a node is had where it is not in memory. */
export type Source =
  /** By the op's `lower` from its operands. */
  | { readonly kind: 'op'; readonly instruction: Instruction; readonly operands: readonly Node[] }
  /** Of an outer node [B, T, …], the time step that the loop is at: [B, …]. */
  | { readonly kind: 'step'; readonly of: Node; readonly at: Expression }
  /** Nowhere else than in its place. */
  | { readonly kind: 'memory' };

export interface Node {
  /** Unique in the program. */
  readonly id: number;
  /** For people: a parameter's name, or the op and its number. */
  readonly name: string;
  readonly type: TensorType;
  readonly source: Source;
  readonly region: Region;
  /** Where it lies; set when it is decided that it lies in memory. */
  place: Place | undefined;
}

/** What is run once, or once a time step: the top level, or a scan's body. */
export interface Region {
  readonly kind: 'top' | 'body';
  /** In order of definition. */
  readonly nodes: Node[];
  /** Dimensions of the program that are open. */
  readonly symbols: ReadonlySet<string>;
}

export function arenaOf({ arena, element }: Tensor): MemoryType {
  return arena ?? element;
}

export function memoryType(dtype: Dtype): MemoryType {
  return dtype === 'float' ? 'f32' : 'i32';
}
