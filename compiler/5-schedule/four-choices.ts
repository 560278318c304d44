/**
 * Choices for four numbers at once, of which there are no four bools: by a bool that is the same
 * for all of them, or by functions that compare and choose in one.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import * as k from '../kernel/build.ts';
import { isSpread, type Fours, type Index } from './fours.ts';
import type { Node } from './node.ts';

/** By the op that compares. */
const comparisons: Readonly<Record<string, string>> = {
  less: 'whereLess',
  lessEqual: 'whereLessEqual',
  equal: 'whereEqual',
};

export interface Choice {
  readonly yes: Expression;
  readonly no: Expression;
}

/** By a condition that is the same for all four, or that compares floats. */
export function chosen(
  fours: Fours,
  condition: Node,
  index: Index,
  { yes, no }: Choice,
): Expression | undefined {
  if (isSpread(condition)) return k.select(fours.evaluator.at(condition, index), yes, no);
  const { source } = condition;
  if (source.kind !== 'op' || condition.place !== undefined) return undefined;
  const { op } = source.instruction;
  const [x, y] = source.operands;
  if (x === undefined) return undefined;
  if (op === 'not') return chosen(fours, x, index, { yes: no, no: yes });
  if (y === undefined) return undefined;
  if (op === 'and' || op === 'or') {
    const inner = chosen(fours, y, index, { yes, no });
    const outer = op === 'and' ? { yes: inner, no } : { yes, no: inner };
    return outer.yes === undefined || outer.no === undefined
      ? undefined
      : chosen(fours, x, index, { yes: outer.yes, no: outer.no });
  }
  const compare = comparisons[op];
  if (compare === undefined || x.type.dtype !== 'float') return undefined;
  return k.call(compare, [fours.at(x, index), fours.at(y, index), yes, no], 'f32');
}

/** A bool as the number 1 or 0, or the sign of a number. */
export function numbered(
  fours: Fours,
  op: string,
  operand: Node,
  index: Index,
): Expression | undefined {
  const [zero, one] = [k.unary('splat', k.float(0)), k.unary('splat', k.float(1))];
  if (op === 'sign') {
    const x = fours.at(operand, index);
    const minusOne = k.unary('splat', k.float(-1));
    const notAbove = k.call('whereLess', [x, zero, minusOne, x], 'f32');
    return k.call('whereLess', [zero, x, one, notAbove], 'f32');
  }
  const isBool = operand.type.dtype === 'bool';
  return isBool ? chosen(fours, operand, index, { yes: one, no: zero }) : undefined;
}
