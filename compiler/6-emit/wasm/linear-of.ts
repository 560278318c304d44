/**
 * The linear form of an index. A name stands for what it was defined as, as long as that keeps its
 * value.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { printExpression } from '../../kernel/print-expression.ts';
import { visitExpression } from '../../kernel/walk.ts';
import type { Context } from './context.ts';
import { constantLinear, product, sum, type Linear } from './linear.ts';
import { signOf } from './signs.ts';

/** What linear forms are asked in: which locals may be taken as the same number each time. */
export interface LinearScope {
  readonly context: Context;
  readonly isFixed: (name: string) => boolean;
}

/** Beyond these an index is better computed as it was written. */
const mostTerms = 8;

/** Undefined where a part may change while it can be seen, or there are too many terms. */
export function linearOf(e: Expression, scope: LinearScope): Linear | undefined {
  const form = formOf(e, scope);
  return form === undefined || form.terms.size > mostTerms ? undefined : form;
}

function formOf(e: Expression, scope: LinearScope): Linear | undefined {
  switch (e.kind) {
    case 'number':
      return constantLinear(e.value | 0);
    case 'local': {
      const known = scope.context.locals.get(e.name);
      const linear = known?.linear?.();
      if (linear !== undefined) return linear;
      return scope.isFixed(e.name) ? factor(e, scope) : undefined;
    }
    case 'place':
      if (e.of === 'invocation') return constantLinear(0);
      return formOf(scope.context.places[e.axis], scope);
    case 'unary':
      if (e.op !== 'neg') return factor(e, scope);
      return combined(formOf({ kind: 'number', type: 'i32', value: 0 }, scope), e.x, scope, minus);
    case 'binary':
      return ofBinary(e, scope);
    default:
      return factor(e, scope);
  }
}

type Combine = (x: Linear, y: Linear) => Linear | undefined;

const plus: Combine = (x, y) => sum(x, y);
const minus: Combine = (x, y) => sum(x, y, -1);

function combined(
  left: Linear | undefined,
  y: Expression,
  scope: LinearScope,
  combine: Combine,
): Linear | undefined {
  const right = left === undefined ? undefined : formOf(y, scope);
  if (left === undefined || right === undefined) return undefined;
  const result = combine(left, right);
  return result === undefined || result.terms.size > 2 * mostTerms ? undefined : result;
}

function ofBinary(
  e: Extract<Expression, { kind: 'binary' }>,
  scope: LinearScope,
): Linear | undefined {
  const { op, x, y } = e;
  switch (op) {
    case 'add':
      return combined(formOf(x, scope), y, scope, plus);
    case 'sub':
      return combined(formOf(x, scope), y, scope, minus);
    case 'mul':
      return combined(formOf(x, scope), y, scope, product) ?? factor(e, scope);
    case 'shiftLeft': {
      if (y.kind !== 'number') return factor(e, scope);
      const shifted = formOf(x, scope);
      return shifted && product(shifted, constantLinear(1 << y.value));
    }
    default:
      return factor(e, scope);
  }
}

/** The expression as it stands, if it is the same number wherever it is asked for. */
function factor(value: Expression, { context, isFixed }: LinearScope): Linear | undefined {
  let [fixed, loads] = [true, false];
  visitExpression(value, (part) => {
    const named = nameOf(part, context);
    if (named !== undefined && !(isKept(named, context) && isFixed(named))) fixed = false;
    if (part.kind === 'load') {
      loads = true;
      if (context.memories.get(part.memory)?.constant !== true) fixed = false;
    }
  });
  if (!fixed) return undefined;
  const key = printExpression(value);
  const factors = [{ key, value, natural: signOf(value, context.locals) !== 'any', loads }];
  return { constant: 0, terms: new Map([[key, { coefficient: 1, factors }]]) };
}

/** The local that it is, or that stands for a place. */
export function nameOf(e: Expression, { places }: Context): string | undefined {
  const named = e.kind === 'place' && e.of === 'workgroup' ? places[e.axis] : e;
  return named.kind === 'local' ? named.name : undefined;
}

function isKept(name: string, { locals }: Context): boolean {
  return locals.get(name)?.at !== undefined;
}
