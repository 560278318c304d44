/**
 * Remainders where the quotient is known by name, as when the number of a row is taken apart: with
 * q = x / y, x % y is x - q y, which is faster than another division.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { printExpression } from '../../kernel/print-expression.ts';
import { someExpression } from '../../kernel/walk.ts';
import type { Context, Of } from './context.ts';
import { op } from './opcodes.ts';

export function isQuotient(e: Expression): e is Of<'binary'> {
  return e.kind === 'binary' && e.op === 'div' && e.type === 'i32' && e.y.kind !== 'number';
}

/** The local has the quotient from here on, if neither number may change meanwhile. */
export function rememberQuotient(e: Of<'binary'>, at: number, context: Context): void {
  const { locals, quotients } = context;
  const changes = (part: Expression): boolean =>
    part.kind === 'load' || (part.kind === 'local' && locals.get(part.name)?.fixed !== true);
  if (!someExpression(e, changes)) quotients.set(keyOf(e), at);
}

/** Whether it could be left so. */
export function emitKnownRemainder(e: Of<'binary'>, context: Context): boolean {
  const { code, quotients } = context;
  if (e.y.kind === 'number') return false;
  const quotient = quotients.get(keyOf(e));
  if (quotient === undefined) return false;
  context.emit(e.x, context);
  code.get(quotient);
  context.emit(e.y, context);
  code.op(op.i32Mul);
  code.op(op.i32Sub);
  return true;
}

function keyOf({ x, y }: Of<'binary'>): string {
  return `${printExpression(x)} by ${printExpression(y)}`;
}
