/** One side of a product, and what copies of it have in common. */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import type { Shape } from '../graph/dim.ts';
import type { Index } from './fours.ts';
import type { KernelDraft } from './kernel-draft.ts';
import type { Node, Tensor } from './node.ts';

/** A matrix of its free axes by its contracted ones. */
export interface Operand {
  readonly node: Node;
  readonly free: readonly number[];
  /** In the order in which the product goes through them. */
  readonly contracted: readonly number[];
}

/** A copy, laid out as a product reads it. */
export interface Pack {
  readonly tensor: Tensor;
  /** The kernels that make it. */
  readonly drafts: readonly KernelDraft[];
  /** Writes them, once all that is asked of the copy is known. */
  write(): void;
}

export function pick({ type }: Node, axes: readonly number[]): Shape {
  return axes.map((axis) => present(type.shape[axis], 'an axis'));
}

/** The index of a node from those along its axes, in the order of `axes`. */
export function placed(axes: readonly number[], index: Index): Index {
  const at: Expression[] = [];
  axes.forEach((axis, i) => (at[axis] = present(index[i], 'an index')));
  return at;
}
