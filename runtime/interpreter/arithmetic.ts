/**
 * The arithmetic of kernels, bit for bit: every f32 operation is rounded once (an f64 has more than
 * twice the bits, so that rounding its result is exact), i32 wraps. What other targets leave
 * undefined, such as a division by 0, is a fault here.
 */
import type { BinaryOp, UnaryOp, ValueType } from '../artifact/kernel.ts';
import type { Evaluate } from './scope.ts';

type Binary = (x: Evaluate, y: Evaluate) => Evaluate;
type Unary = (x: Evaluate) => Evaluate;

const { fround } = Math;

/** Undefined where there is no such operation. `type` is that of the result. */
export function binaryOf(op: BinaryOp, type: ValueType): Binary | undefined {
  if (op in comparisons) return comparisons[op];
  return type === 'bool' ? ofBools[op] : type === 'i32' ? ofInts[op] : ofFloats[op];
}

export function unaryOf(op: UnaryOp, type: ValueType): Unary | undefined {
  if (op in conversions) return conversions[op];
  return type === 'bool' ? undefined : type === 'i32' ? signsOfInts[op] : unariesOfFloats[op];
}

const comparisons: Partial<Record<BinaryOp, Binary>> = {
  less: (x, y) => () => (x() < y() ? 1 : 0),
  lessEqual: (x, y) => () => (x() <= y() ? 1 : 0),
  equal: (x, y) => () => (x() === y() ? 1 : 0),
  notEqual: (x, y) => () => (x() !== y() ? 1 : 0),
};

/** Both sides are evaluated, so that a fault in either is found. */
const ofBools: Partial<Record<BinaryOp, Binary>> = {
  and: (x, y) => () => x() & y(),
  or: (x, y) => () => x() | y(),
};

const ofFloats: Partial<Record<BinaryOp, Binary>> = {
  add: (x, y) => () => fround(x() + y()),
  sub: (x, y) => () => fround(x() - y()),
  mul: (x, y) => () => fround(x() * y()),
  div: (x, y) => () => fround(x() / y()),
  min: (x, y) => () => Math.min(x(), y()),
  max: (x, y) => () => Math.max(x(), y()),
};

const ofInts: Partial<Record<BinaryOp, Binary>> = {
  add: (x, y) => () => (x() + y()) | 0,
  sub: (x, y) => () => (x() - y()) | 0,
  mul: (x, y) => () => Math.imul(x(), y()),
  div: (x, y) => () => (x() / divisor(y())) | 0,
  mod: (x, y) => () => notNegative(x()) % divisor(notNegative(y())),
  min: (x, y) => () => Math.min(x(), y()),
  max: (x, y) => () => Math.max(x(), y()),
  bitAnd: (x, y) => () => x() & y(),
  bitOr: (x, y) => () => x() | y(),
  bitXor: (x, y) => () => x() ^ y(),
  shiftLeft: (x, y) => () => x() << places(y()),
  shiftRight: (x, y) => () => (x() >>> places(y())) | 0,
};

const conversions: Partial<Record<UnaryOp, Unary>> = {
  not: (x) => () => 1 - x(),
  splat: (x) => x,
  toFloat: (x) => () => fround(x()),
  toInt: (x) => () => truncate(x()),
  toBits: (x) => () => {
    floatBits[0] = x();
    return intBits[0] ?? 0;
  },
  fromBits: (x) => () => {
    intBits[0] = x();
    return floatBits[0] ?? 0;
  },
};

const signsOfInts: Partial<Record<UnaryOp, Unary>> = {
  neg: (x) => () => -x() | 0,
  abs: (x) => () => Math.abs(x()) | 0,
};

const unariesOfFloats: Partial<Record<UnaryOp, Unary>> = {
  neg: (x) => () => -x(),
  abs: (x) => () => Math.abs(x()),
  floor: (x) => () => Math.floor(x()),
  sqrt: (x) => () => fround(Math.sqrt(x())),
};

const floatBits = new Float32Array(1);
const intBits = new Int32Array(floatBits.buffer);

function truncate(x: number): number {
  // Of -0 there is no i32, and a NaN is cut to 0.
  return Math.max(-2147483648, Math.min(2147483647, x)) | 0;
}

function divisor(y: number): number {
  if (y === 0) throw new RangeError('a whole number is divided by 0');
  return y;
}

function notNegative(x: number): number {
  if (x < 0) throw new RangeError(`the remainder of a division with ${x}`);
  return x;
}

function places(y: number): number {
  if (y < 0 || y > 31) throw new RangeError(`a shift by ${y}`);
  return y;
}
