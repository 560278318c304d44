/**
 * Loads and stores. Constant parts of an index go into the offset of the instruction where the rest
 * is known not to be negative: the address in bytes is then the sum of both, which does not wrap.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { typeOf } from '../../kernel/build.ts';
import type { Context, Of } from './context.ts';
import { emitTimes } from './emit-linear.ts';
import { op } from './opcodes.ts';
import { signOf } from './signs.ts';

type Store = Extract<Statement, { kind: 'store' }>;

/** Powers of two that addresses are multiples of. */
const ofOne = 2;
const ofFour = 4;

export function emitLoad(e: Of<'load'>, context: Context): void {
  const four = e.type === 'f32x4';
  const offset = emitAddress(e.memory, e.index, context);
  const code = four ? op.v128Load : e.type === 'f32' ? op.f32Load : op.i32Load;
  context.code.access(code, four && e.unaligned !== true ? ofFour : ofOne, offset);
}

/** The number four times. */
export function emitSplatLoad({ memory, index }: Of<'load'>, context: Context): void {
  const offset = emitAddress(memory, index, context);
  context.code.access(op.v128Load32Splat, ofOne, offset);
}

/** The number in the lowest of four lanes, zeros in the others. */
export function emitLowLoad({ memory, index }: Of<'load'>, context: Context): void {
  const offset = emitAddress(memory, index, context);
  context.code.access(op.v128Load32Zero, ofOne, offset);
}

/** One of the four that would be loaded. */
export function emitLaneLoad({ memory, index }: Of<'load'>, lane: number, context: Context): void {
  const offset = emitAddress(memory, index, context);
  context.code.access(op.f32Load, ofOne, offset + 4 * lane);
}

/** Four f32 from there on, wherever that is. */
export function emitLoadOfFour({ memory, index }: Of<'load'>, context: Context): void {
  const offset = emitAddress(memory, index, context);
  context.code.access(op.v128Load, ofOne, offset);
}

/** The v128 on the stack with one lane from memory. */
export function emitLaneInto({ memory, index }: Of<'load'>, lane: number, context: Context): void {
  const { code } = context;
  const four = code.local('v128');
  code.set(four);
  const offset = emitAddress(memory, index, context);
  code.get(four);
  code.release(four);
  code.op(op.v128Load32Lane, ofOne, offset, lane);
}

export function emitStore({ memory, index, value, unaligned }: Store, context: Context): void {
  const { code } = context;
  const offset = emitAddress(memory, index, context);
  if (value.kind === 'lane' && value.x.kind !== 'load') {
    context.emit(value.x, context);
    code.op(op.v128Store32Lane, ofOne, offset, value.lane);
    return;
  }
  context.emit(value, context);
  const type = typeOf(value);
  const store = { f32x4: op.v128Store, f32: op.f32Store, i32: op.i32Store, bool: op.i32Store };
  code.access(store[type], type === 'f32x4' && unaligned !== true ? ofFour : ofOne, offset);
}

/** Leaves an address; the offset in bytes that belongs to it is returned. */
function emitAddress(memory: string, index: Expression, context: Context): number {
  const { code, memories, pointers } = context;
  const known = pointers?.find(memory, index);
  if (known !== undefined) {
    code.get(known.local);
    return known.offset;
  }
  const { base, offset } = present(memories.get(memory), `memory ${memory}`);
  code.get(base);
  const { rest, constant } = constantApart(index);
  if (rest === undefined && constant >= 0) return offset + 4 * constant;
  const folds = rest !== undefined && constant >= 0 && signOf(rest, context.locals) !== 'any';
  emitScaled(folds ? rest : index, 4, context);
  code.op(op.i32Add);
  return folds ? offset + 4 * constant : offset;
}

interface Apart {
  readonly rest: Expression | undefined;
  readonly constant: number;
}

function constantApart(e: Expression): Apart {
  if (e.kind === 'number') return { rest: undefined, constant: e.value };
  if (e.kind !== 'binary' || e.op !== 'add') return { rest: e, constant: 0 };
  const [x, y] = [constantApart(e.x), constantApart(e.y)];
  const constant = x.constant + y.constant;
  if (x.rest === undefined || y.rest === undefined) return { rest: x.rest ?? y.rest, constant };
  const same = x.rest === e.x && y.rest === e.y;
  return { rest: same ? e : { ...e, x: x.rest, y: y.rest }, constant };
}

/** The number times a constant. */
function emitScaled(e: Expression, scale: number, context: Context): void {
  const { code } = context;
  if (e.kind === 'number') return code.i32(Math.imul(e.value, scale));
  if (e.kind === 'binary' && e.op === 'mul' && e.y.kind === 'number') {
    return emitScaled(e.x, Math.imul(scale, e.y.value), context);
  }
  context.emit(e, context);
  emitTimes(scale, context);
}
