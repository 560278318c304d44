/** Chains of `add` as one sum: inner sums are those that nothing but another sum reads. */
import { add } from '../graph/build.ts';
import type { Builder, Instruction, Value } from '../graph/types.ts';
import type { Scope } from './scope.ts';

/** The terms, left to right, of a sum that is no inner one; undefined for anything else. */
export function sumTerms(scope: Scope, instruction: Instruction): readonly Value[] | undefined {
  const isOutermost = instruction.op === 'add' && !isInnerSum(scope, instruction);
  return isOutermost ? termsOf(scope, instruction) : undefined;
}

/** Added from left to right; there must be a term. */
export function addUp(b: Builder, terms: readonly Value[]): Value {
  return terms.reduce((sum, term) => add(b, sum, term));
}

function isInnerSum(scope: Scope, { op, results: [result] }: Instruction): boolean {
  if (op !== 'add' || result === undefined || scope.uses(result) !== 1) return false;
  return scope.users(result)[0]?.op === 'add';
}

function termsOf(scope: Scope, sum: Instruction): Value[] {
  return sum.operands.flatMap((v) => {
    const inner = scope.definition(v);
    return inner !== undefined && isInnerSum(scope, inner) ? termsOf(scope, inner) : [v];
  });
}
