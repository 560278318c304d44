/**
 * Operations of kernels on single values and on fours. None can trap: where the kernel IR leaves
 * open what comes out, something does.
 */
import type { BinaryOp, Expression, UnaryOp } from '../../../runtime/artifact/kernel.ts';
import { CompilerBug } from '../../base/bug.ts';
import { typeOf } from '../../kernel/build.ts';
import type { Context, Of } from './context.ts';
import { emitLowLoad, emitSplatLoad } from './memory.ts';
import { op } from './opcodes.ts';
import { emitQuotientOf, type Operand } from './quotients.ts';
import { emitKnownRemainder } from './remainders.ts';
import { signOf } from './signs.ts';

export function emitUnary(e: Of<'unary'>, context: Context): void {
  const { code } = context;
  const { x } = e;
  if (e.op === 'splat') return emitSplat(x, context);
  if (e.op === 'fromBytes') return emitFromBytes(x, context);
  if (e.op === 'neg' && e.type === 'i32') {
    code.i32(0);
    context.emit(x, context);
    return code.op(op.i32Sub);
  }
  context.emit(x, context);
  if (e.op === 'abs' && e.type === 'i32') return emitAbs(context);
  const table = e.type === 'f32x4' ? ofFours : others;
  const found = table[e.op];
  if (found === undefined) throw new CompilerBug('wasm', `there is no ${e.op} of ${e.type}`);
  code.op(found);
}

const ofFours: Partial<Record<UnaryOp, number>> = {
  neg: op.f32x4Neg,
  abs: op.f32x4Abs,
  floor: op.f32x4Floor,
  sqrt: op.f32x4Sqrt,
};

const others: Partial<Record<UnaryOp, number>> = {
  neg: op.f32Neg,
  abs: op.f32Abs,
  floor: op.f32Floor,
  sqrt: op.f32Sqrt,
  not: op.i32Eqz,
  toFloat: op.f32ConvertI32,
  toInt: op.i32TruncSatF32,
  toBits: op.i32ReinterpretF32,
  fromBits: op.f32ReinterpretI32,
};

function emitSplat(x: Expression, context: Context): void {
  const { code } = context;
  if (x.kind === 'load') return emitSplatLoad(x, context);
  if (x.kind === 'number') return code.words(bitsOf(x.value));
  context.emit(x, context);
  code.op(op.f32x4Splat);
}

/** Bytes go to where they are the highest of a lane; an index of 128 gives 0. */
function emitFromBytes(x: Expression, context: Context): void {
  const { code } = context;
  if (x.kind === 'load') {
    emitLowLoad(x, context);
  } else {
    context.emit(x, context);
    code.op(op.i32x4Splat);
  }
  code.words(...[0, 1, 2, 3].map((byte) => (byte << 24) | 0x808080));
  code.op(op.i8x16Swizzle);
  code.op(op.f32x4ConvertI32x4);
}

const floats = new Float32Array(1);
const words = new Int32Array(floats.buffer);

/** Of the nearest f32. */
export function bitsOf(value: number): number {
  floats[0] = value;
  return words[0] ?? 0;
}

/** With s the sign in all bits, (x ^ s) - s. */
function emitAbs({ code }: Context): void {
  const [x, sign] = [code.local('i32'), code.local('i32')];
  code.tee(x);
  code.get(x);
  code.i32(31);
  code.op(op.i32ShrS);
  code.tee(sign);
  code.op(op.i32Xor);
  code.get(sign);
  code.op(op.i32Sub);
  code.release(x);
  code.release(sign);
}

export function emitBinary(e: Of<'binary'>, context: Context): void {
  const { code } = context;
  const type = typeOf(e.x);
  if (type === 'f32x4') return emitFours(e, context);
  if (type === 'i32') {
    if (e.op === 'div' || e.op === 'mod') return emitQuotient(e, context);
    if (e.op === 'min' || e.op === 'max') return emitExtreme(e, context);
  }
  context.emit(e.x, context);
  context.emit(e.y, context);
  const table = type === 'f32' ? ofFloats : ofInts;
  const found = table[e.op];
  if (found === undefined) throw new CompilerBug('wasm', `there is no ${e.op} of ${type}`);
  code.op(found);
}

const ofFloats: Partial<Record<BinaryOp, number>> = {
  add: op.f32Add,
  sub: op.f32Sub,
  mul: op.f32Mul,
  div: op.f32Div,
  min: op.f32Min,
  max: op.f32Max,
  less: op.f32Lt,
  lessEqual: op.f32Le,
  equal: op.f32Eq,
  notEqual: op.f32Ne,
};

/** Of bools as well. */
const ofInts: Partial<Record<BinaryOp, number>> = {
  add: op.i32Add,
  sub: op.i32Sub,
  mul: op.i32Mul,
  less: op.i32LtS,
  lessEqual: op.i32LeS,
  equal: op.i32Eq,
  notEqual: op.i32Ne,
  and: op.i32And,
  or: op.i32Or,
  bitAnd: op.i32And,
  bitOr: op.i32Or,
  bitXor: op.i32Xor,
  shiftLeft: op.i32Shl,
  shiftRight: op.i32ShrU,
};

const fours: Partial<Record<BinaryOp, number>> = {
  add: op.f32x4Add,
  sub: op.f32x4Sub,
  mul: op.f32x4Mul,
  div: op.f32x4Div,
};

function emitFours({ op: name, x, y }: Of<'binary'>, context: Context): void {
  const { code, relaxed } = context;
  if (relaxed && (name === 'add' || name === 'sub')) {
    const right = productOf(y);
    if (right !== undefined) {
      const fused = name === 'add' ? op.f32x4RelaxedMadd : op.f32x4RelaxedNmadd;
      return emitFused(right, x, fused, context);
    }
    const left = name === 'add' ? productOf(x) : undefined;
    if (left !== undefined) return emitFused(left, y, op.f32x4RelaxedMadd, context);
  }
  context.emit(x, context);
  context.emit(y, context);
  const found = fours[name];
  if (found === undefined) throw new CompilerBug('wasm', `there is no ${name} of f32x4`);
  code.op(found);
}

function productOf(e: Expression): Of<'binary'> | undefined {
  return e.kind === 'binary' && e.op === 'mul' ? e : undefined;
}

function emitFused(product: Of<'binary'>, sum: Expression, code: number, context: Context): void {
  context.emit(product.x, context);
  context.emit(product.y, context);
  context.emit(sum, context);
  context.code.op(code);
}

function emitQuotient(e: Of<'binary'>, context: Context): void {
  const { op: name, x, y } = e;
  if (name === 'mod' && emitKnownRemainder(e, context)) return;
  const operand = (e: Expression): Operand => ({
    emit: () => context.emit(e, context),
    natural: signOf(e, context.locals) === 'natural',
    ...(e.kind === 'number' ? { constant: e.value } : {}),
  });
  emitQuotientOf(name === 'mod' ? 'mod' : 'div', operand(x), operand(y), context.code);
}

/** Operands go through locals, since each is both compared and chosen. */
function emitExtreme({ op: name, x, y }: Of<'binary'>, context: Context): void {
  const { code } = context;
  const [left, right] = [code.local('i32'), code.local('i32')];
  context.emit(x, context);
  code.tee(left);
  context.emit(y, context);
  code.tee(right);
  code.get(left);
  code.get(right);
  code.op(name === 'min' ? op.i32LtS : op.i32GtS);
  code.op(op.select);
  code.release(left);
  code.release(right);
}
