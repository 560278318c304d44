/** Linear forms as instructions. */
import type { Context } from './context.ts';
import type { Linear, Term } from './linear.ts';
import { op } from './opcodes.ts';

/** Leaves the number, times `scale`. */
export function emitLinear({ constant, terms }: Linear, scale: number, context: Context): void {
  const { code } = context;
  let first = true;
  for (const term of terms.values()) {
    emitTerm(term, scale, context);
    if (!first) code.op(op.i32Add);
    first = false;
  }
  if (!first && constant === 0) return;
  code.i32(Math.imul(constant, scale));
  if (!first) code.op(op.i32Add);
}

function emitTerm({ coefficient, factors }: Term, scale: number, context: Context): void {
  const { code } = context;
  factors.forEach(({ value }, i) => {
    context.emit(value, context);
    if (i > 0) code.op(op.i32Mul);
  });
  emitTimes(Math.imul(coefficient, scale), context);
}

/** What is on the stack, times a constant. */
export function emitTimes(scale: number, { code }: Context): void {
  if (scale === 1) return;
  const shift = Math.log2(scale);
  const shifts = scale > 0 && Number.isInteger(shift);
  code.i32(shifts ? shift : scale);
  code.op(shifts ? op.i32Shl : op.i32Mul);
}
