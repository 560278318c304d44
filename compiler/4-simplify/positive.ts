/**
 * Whether a value of a scope is surely above zero, or surely not below it, whatever the inputs: a
 * logarithm or a root of such a value, and a quotient by it, are finite everywhere.
 */
import type { Value } from '../graph/types.ts';
import type { Scope } from './scope.ts';
import type { UniformValues } from './uniform-values.ts';

/** What is known of a scope's values. */
export interface KnownValues {
  readonly scope: Scope;
  readonly numbers: UniformValues;
}

/** Ops that only move elements. */
const layoutOps: ReadonlySet<string> = new Set(['broadcast', 'reshape', 'transpose', 'slice']);

export function isPositive(known: KnownValues, value: Value): boolean {
  const number = known.numbers.get(value.id);
  if (number !== undefined) return number > 0;
  const { op = '', operands = [] } = known.scope.definition(value) ?? {};
  const positive = (v: Value): boolean => isPositive(known, v);
  if (op === 'exp') return true;
  if (op === 'sqrt' || op === 'reduceSum' || layoutOps.has(op)) return operands.every(positive);
  if (op === 'add') {
    return operands.some(positive) && operands.every((v) => isNonNegative(known, v));
  }
  if (op === 'max') return operands.some(positive);
  return op === 'mul' && operands.every(positive);
}

function isNonNegative(known: KnownValues, value: Value): boolean {
  const number = known.numbers.get(value.id);
  if (number !== undefined) return number >= 0;
  const { op = '', operands = [] } = known.scope.definition(value) ?? {};
  const nonNegative = (v: Value): boolean => isNonNegative(known, v);
  if (['exp', 'sigmoid', 'softplus', 'abs', 'sqrt'].includes(op)) return true;
  if (op === 'reduceSum' || op === 'add' || layoutOps.has(op)) return operands.every(nonNegative);
  if (op === 'max') return operands.some(nonNegative);
  if (op !== 'mul') return false;
  return operands[0]?.id === operands[1]?.id || operands.every(nonNegative);
}
