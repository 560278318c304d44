/**
 * Operands and operators in a row become one tree. Lowest first: `->`, comparisons, `+ -`, `* /`,
 * unary `-`, `^` (binds to the right). In: n operands and n - 1 operator tokens.
 */
import type { IToken } from 'chevrotain';
import type { BinaryOperator, Expression, Unary } from '../ast/types.ts';
import { joinSpans } from '../base/source.ts';
import type { Span } from '../base/source.ts';
import type { Cst } from './cst.ts';
import { Arrow } from './tokens.ts';

export interface Operand {
  readonly value: Expression;
  /** Minus signs written before it, outermost first; a power binds tighter than they do. */
  readonly minuses: readonly Span[];
}

export function combine(
  cst: Cst,
  first: Operand,
  rest: readonly { operator: IToken; operand: Operand }[],
): Expression {
  return new Precedence(
    cst,
    [first, ...rest.map((r) => r.operand)],
    rest.map((r) => r.operator),
  ).read(first);
}

class Precedence {
  private readonly cst: Cst;
  private readonly operands: readonly Operand[];
  private readonly operators: readonly IToken[];
  /** Index of the operand that is read next, and of the operator behind it. */
  private at = 0;

  constructor(cst: Cst, operands: readonly Operand[], operators: readonly IToken[]) {
    this.cst = cst;
    this.operands = operands;
    this.operators = operators;
  }

  read(first: Operand): Expression {
    const head = this.infix(first, 0);
    const stages = [head];
    while (this.operators[this.at]?.tokenType === Arrow) {
      const next = this.next();
      if (next === undefined) break;
      stages.push(this.infix(next, 0));
    }
    if (stages.length === 1) return head;
    const span = joinSpans(head.span, (stages[stages.length - 1] ?? head).span);
    return this.cst.grown({ kind: 'pipeline', stages, span }, stages);
  }

  /** Loops at each level: a sum of ten thousand terms recurses nowhere. */
  private infix(first: Operand, level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.power(first);
    let left = this.infix(first, level + 1);
    for (;;) {
      const operator = readOperator(this.operators[this.at]);
      if (operator === undefined || !operators.includes(operator)) return left;
      const next = this.next();
      if (next === undefined) return left;
      left = this.binary(operator, left, this.infix(next, level + 1));
    }
  }

  private power(first: Operand): Expression {
    const chain = [first];
    while (readOperator(this.operators[this.at]) === '^') {
      const next = this.next();
      if (next === undefined) break;
      chain.push(next);
    }
    let value: Expression | undefined;
    for (const { value: base, minuses } of chain.reverse()) {
      value = value === undefined ? base : this.binary('^', base, value);
      for (let i = minuses.length - 1; i >= 0; i--) value = this.negated(value, minuses[i]);
    }
    return value ?? first.value;
  }

  private next(): Operand | undefined {
    this.at++;
    return this.operands[this.at];
  }

  private binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
    const span = joinSpans(left.span, right.span);
    return this.cst.grown({ kind: 'binary', operator, left, right, span }, [left, right]);
  }

  private negated(operand: Expression, minus: Span | undefined): Expression {
    const span = minus === undefined ? operand.span : joinSpans(minus, operand.span);
    const unary: Unary = { kind: 'unary', operator: '-', operand, span };
    return this.cst.grown(unary, [operand]);
  }
}

const levels: readonly (readonly BinaryOperator[])[] = [
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
];
const signs: readonly BinaryOperator[] = ['^', ...levels.flat()];

function readOperator(token: IToken | undefined): BinaryOperator | undefined {
  const image = token?.image === '−' ? '-' : token?.image;
  return signs.find((sign) => sign === image);
}
