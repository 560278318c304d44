/** An expression as instructions that leave its value on the stack; a bool is the i32 0 or 1. */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { emitBinary, emitUnary } from './arithmetic.ts';
import type { Context, Of } from './context.ts';
import { emitLaneLoad, emitLoad } from './memory.ts';
import { op } from './opcodes.ts';
import { emitPack } from './packs.ts';

export function emitExpression(e: Expression, context: Context): void {
  const { code, sizes, step, places, locals } = context;
  switch (e.kind) {
    case 'number':
      return e.type === 'f32' ? code.f32(e.value) : code.i32(e.value);
    case 'size':
      return code.get(present(sizes.get(e.name), `size ${e.name}`));
    case 'step':
      return code.get(present(step, 'time step'));
    case 'place':
      return e.of === 'invocation' ? code.i32(0) : emitExpression(places[e.axis], context);
    case 'local':
      return code.get(present(locals.get(e.name)?.at, `local ${e.name}`));
    case 'load':
      return emitLoad(e, context);
    case 'unary':
      return emitUnary(e, context);
    case 'binary':
      return emitBinary(e, context);
    case 'select':
      return emitSelect(e, context);
    case 'call':
      return emitCall(e, context);
    case 'lane':
      return emitLane(e, context);
    case 'pack':
      return emitPack(e, context);
  }
  e satisfies never;
}

/** Of fours by masks of all bits or none: an engine would make a branch of `select`. */
function emitSelect({ condition, yes, no, type }: Of<'select'>, context: Context): void {
  const { code, relaxed } = context;
  emitExpression(yes, context);
  emitExpression(no, context);
  if (type !== 'f32x4') {
    emitExpression(condition, context);
    return code.op(op.select);
  }
  code.i32(0);
  emitExpression(condition, context);
  code.op(op.i32Sub);
  code.op(op.i32x4Splat);
  code.op(relaxed ? op.i32x4RelaxedLaneselect : op.v128Bitselect);
}

function emitLane({ x, lane }: Of<'lane'>, context: Context): void {
  if (x.kind === 'load') return emitLaneLoad(x, lane, context);
  emitExpression(x, context);
  context.code.op(op.f32x4ExtractLane, lane);
}

function emitCall(e: Of<'call'>, context: Context): void {
  const { code, functions, inPlace } = context;
  const operands = e.arguments.map((argument) => (): void => emitExpression(argument, context));
  if (e.type === 'f32x4') {
    const cost = functions.cost(e.function);
    const fits = cost <= inPlace.left;
    if (fits) inPlace.left -= cost;
    return functions.emitLanewise(e.function, operands, code, fits);
  }
  const at = functions.scalar(e.function);
  for (const emit of operands) emit();
  code.op(op.call, at);
}
