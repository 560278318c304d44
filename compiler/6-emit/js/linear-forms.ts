/**
 * Whole numbers, modulo 2^32, as sums of products: a coefficient for each thing that is no sum and
 * no product with a number, by its text, and for 1, whose text is empty. What has the same form is
 * equal; the other way round that need not be.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { printExpression } from '../../kernel/print-expression.ts';
import { visitStatements } from '../../kernel/walk.ts';

export type LinearForm = ReadonlyMap<string, number>;

/** What names of whole numbers stand for; no two blocks may define the same name. */
export type WholeLets = ReadonlyMap<string, Expression>;

export function wholeLets(statements: readonly Statement[]): WholeLets {
  const variables = new Set<string>();
  const lets = new Map<string, Expression>();
  visitStatements(statements, {
    statement: (s) => {
      if (s.kind === 'var') variables.add(s.name);
      if (s.kind === 'let' && isSum(s.value, variables)) lets.set(s.name, s.value);
    },
  });
  return lets;
}

/** `keyOf` names what is no sum. */
export function linearForm(
  e: Expression,
  lets: WholeLets,
  keyOf: (e: Expression) => string = printExpression,
): LinearForm {
  const form = new Map<string, number>();
  const more = (key: string, count: number): void => {
    form.set(key, ((form.get(key) ?? 0) + count) | 0);
  };
  const addTimes = (by: number, part: Expression): void => {
    if (part.kind === 'number') return more('', Math.imul(by, part.value));
    const named = part.kind === 'local' ? lets.get(part.name) : undefined;
    if (named !== undefined) return addTimes(by, named);
    if (part.kind === 'binary') {
      const { op, x, y } = part;
      if (op === 'add' || op === 'sub') {
        addTimes(by, x);
        return addTimes(op === 'add' ? by : -by, y);
      }
      if (op === 'mul' && y.kind === 'number') return addTimes(Math.imul(by, y.value), x);
      if (op === 'mul' && x.kind === 'number') return addTimes(Math.imul(by, x.value), y);
    }
    more(keyOf(part), by);
  };
  addTimes(1, e);
  return form;
}

/** By how much the second is more; undefined where that is no number. */
export function distanceOf(from: LinearForm, to: LinearForm): number | undefined {
  const keys = new Set([...from.keys(), ...to.keys()]);
  keys.delete('');
  for (const key of keys) {
    if ((from.get(key) ?? 0) !== (to.get(key) ?? 0)) return undefined;
  }
  return ((to.get('') ?? 0) - (from.get('') ?? 0)) | 0;
}

/** Sums and products of what does not change. */
function isSum(e: Expression, variables: ReadonlySet<string>): boolean {
  if (e.kind === 'size' || e.kind === 'step' || e.kind === 'place') return true;
  if (e.kind === 'number') return e.type === 'i32';
  if (e.kind === 'local') return e.type === 'i32' && !variables.has(e.name);
  if (e.kind !== 'binary' || e.type !== 'i32') return false;
  if (e.op !== 'add' && e.op !== 'sub' && e.op !== 'mul') return false;
  return isSum(e.x, variables) && isSum(e.y, variables);
}
