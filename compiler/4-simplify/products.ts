/**
 * A `dot` instruction taken apart: its sides, and the axes of its result that are free axes of
 * either operand. Result axes are batch, then the left's free ones, then the right's (ops/dot.ts).
 */
import { present } from '../base/bug.ts';
import type { Builder, Instruction, Value } from '../graph/types.ts';
import { sideOf, type DotSide } from '../ops/dot.ts';

export interface Product {
  readonly instruction: Instruction;
  readonly operands: readonly [Value, Value];
  readonly sides: readonly [DotSide, DotSide];
  readonly result: Value;
}

/** 0 is the left operand, 1 the right. */
export type Side = 0 | 1;

export const bothSides: readonly Side[] = [0, 1];

export function otherSide(side: Side): Side {
  return side === 0 ? 1 : 0;
}

export function productOf(instruction: Instruction): Product | undefined {
  if (instruction.op !== 'dot') return undefined;
  const { attributes } = instruction;
  const left = present(instruction.operands[0], 'the left operand of dot');
  const right = present(instruction.operands[1], 'the right operand of dot');
  return {
    instruction,
    operands: [left, right],
    sides: [
      sideOf(attributes, 'Left', left.type.shape.length),
      sideOf(attributes, 'Right', right.type.shape.length),
    ],
    result: present(instruction.results[0], 'the result of dot'),
  };
}

/** Where an operand's free axis lies in the result; undefined for an axis that is not free. */
export function resultAxis(product: Product, side: Side, axis: number): number | undefined {
  const { batch, free } = product.sides[side];
  const at = free.indexOf(axis);
  if (at === -1) return undefined;
  return batch.length + (side === 0 ? 0 : product.sides[0].free.length) + at;
}

/** The same product of other operands. */
export function multiply(
  b: Builder,
  product: Product,
  side: Side,
  own: Value,
  other: Value,
): Value {
  const operands = side === 0 ? [own, other] : [other, own];
  return b.emit('dot', operands, product.instruction.attributes);
}
