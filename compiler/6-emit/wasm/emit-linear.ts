/** Linear forms as instructions. */
import type { Context } from './context.ts';
import { isName, type Linear, type Term } from './linear.ts';
import { op } from './opcodes.ts';

/** Locals that hold factors, by their keys. */
export type HeldFactors = ReadonlyMap<string, number>;

/** Puts each factor that is more than a name into a local, which is to be released. */
export function holdFactors(forms: readonly Linear[], context: Context): HeldFactors {
  const { code } = context;
  const held = new Map<string, number>();
  for (const { terms } of forms) {
    for (const { factors } of terms.values()) {
      for (const { key, value } of factors) {
        if (isName(value) || held.has(key)) continue;
        const local = code.local('i32');
        context.emit(value, context);
        code.set(local);
        held.set(key, local);
      }
    }
  }
  return held;
}

/** Leaves the number, times `scale`. */
export function emitLinear(
  { constant, terms }: Linear,
  scale: number,
  context: Context,
  held: HeldFactors,
): void {
  const { code } = context;
  let first = true;
  for (const term of terms.values()) {
    emitTerm(term, scale, context, held);
    if (!first) code.op(op.i32Add);
    first = false;
  }
  if (!first && constant === 0) return;
  code.i32(Math.imul(constant, scale));
  if (!first) code.op(op.i32Add);
}

function emitTerm(
  { coefficient, factors }: Term,
  scale: number,
  context: Context,
  held: HeldFactors,
): void {
  const { code } = context;
  factors.forEach(({ key, value }, i) => {
    const local = held.get(key);
    if (local === undefined) context.emit(value, context);
    else code.get(local);
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
