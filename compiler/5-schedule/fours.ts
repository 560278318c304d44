/** What is told of four neighbouring elements at once, along the last axis of a node. */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { isElementwiseNode } from './decide.ts';
import type { Evaluator } from './evaluate.ts';
import type { Node } from './node.ts';

export type Index = readonly Expression[];

export interface Fours {
  /** For single elements. */
  readonly evaluator: Evaluator;
  /** The four from the index on, as an f32x4. */
  at(node: Node, index: Index): Expression;
}

export interface Products {
  /** Four columns of a product; undefined where it has no such way. */
  at(node: Node, index: Index): Expression | undefined;
}

/** Whether the element is the same all along the last axis. */
export function isSpread(node: Node): boolean {
  const { source } = node;
  if (node.place !== undefined) return false;
  if (source.kind === 'step') return node.type.shape.length > 1 && isSpread(source.of);
  if (source.kind !== 'op') return false;
  const { op, attributes } = source.instruction;
  if (op === 'constant') return true;
  if (isElementwiseNode(node)) return source.operands.every(isSpread);
  const { axes } = attributes;
  if (op !== 'broadcast' || !Array.isArray(axes)) return false;
  return !axes.some((axis) => axis === node.type.shape.length - 1);
}
