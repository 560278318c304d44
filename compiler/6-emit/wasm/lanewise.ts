/**
 * Expressions of a function for four arguments at once: f32 and i32 are four numbers in a v128, a
 * bool is four masks of all bits or none. Each lane has the bits that the scalar function gives,
 * but for multiply-adds in the relaxed form.
 */
import type {
  BinaryOp,
  Expression,
  KernelFunction,
  UnaryOp,
} from '../../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../../base/bug.ts';
import { typeOf } from '../../kernel/build.ts';
import { bitsOf } from './arithmetic.ts';
import type { Code } from './code.ts';
import type { FunctionTable, Of } from './context.ts';
import { op } from './opcodes.ts';
import { emitQuotientOf } from './quotients.ts';

export interface LanewiseContext {
  readonly code: Code;
  readonly functions: FunctionTable;
  /** Whether there are relaxed multiply-adds, and the choice of lanes by their upper bit. */
  readonly relaxed: boolean;
}

interface Scope extends LanewiseContext {
  readonly locals: ReadonlyMap<string, number>;
}

/** Leaves what the function gives; `parameters` are the locals with its arguments. */
export function emitBody(
  { parameters, lets, result }: KernelFunction,
  at: readonly number[],
  context: LanewiseContext,
): void {
  const { code } = context;
  const locals = new Map(parameters.map(({ name }, i) => [name, present(at[i], 'an argument')]));
  const scope = { ...context, locals };
  const own = lets.map(({ name, value }) => {
    emitLanes(value, scope);
    const local = code.local('v128');
    code.set(local);
    locals.set(name, local);
    return local;
  });
  emitLanes(result, scope);
  for (const local of own) code.release(local);
}

function emitLanes(e: Expression, scope: Scope): void {
  const { code, functions, locals } = scope;
  switch (e.kind) {
    case 'number':
      return code.words(wordOf(e));
    case 'local':
      return code.get(present(locals.get(e.name), `local ${e.name}`));
    case 'unary':
      return emitUnary(e, scope);
    case 'binary':
      return emitBinary(e, scope);
    case 'select':
      return emitSelect(e, scope);
    case 'call': {
      const operands = e.arguments.map((argument) => (): void => emitLanes(argument, scope));
      return functions.emitLanewise(e.function, operands, code, true);
    }
    case 'size':
    case 'step':
    case 'place':
    case 'load':
    case 'lane':
    case 'pack':
      throw new CompilerBug('wasm', `${e.kind} in a function`);
  }
  e satisfies never;
}

/** What is chosen by a comparison of the two, or is 0 otherwise, needs no choice between lanes. */
function emitSelect({ condition, yes, no }: Of<'select'>, scope: Scope): void {
  const { code, relaxed } = scope;
  if (condition.kind === 'binary' && condition.op === 'less' && typeOf(condition.x) === 'f32') {
    const { x, y } = condition;
    if (isSame(x, yes) && isSame(y, no)) return emitTwo(y, x, op.f32x4Pmin, scope);
    if (isSame(x, no) && isSame(y, yes)) return emitTwo(x, y, op.f32x4Pmax, scope);
  }
  if (isZero(no)) return emitTwo(yes, condition, op.v128And, scope);
  if (isZero(yes)) return emitTwo(no, condition, op.v128Andnot, scope);
  emitTwo(yes, no, undefined, scope);
  emitLanes(condition, scope);
  // Of a mask of all bits or none, both give the same.
  code.op(relaxed ? op.i32x4RelaxedLaneselect : op.v128Bitselect);
}

function emitTwo(x: Expression, y: Expression, code: number | undefined, scope: Scope): void {
  emitLanes(x, scope);
  emitLanes(y, scope);
  if (code !== undefined) scope.code.op(code);
}

function isSame(x: Expression, y: Expression): boolean {
  if (x.kind === 'local') return y.kind === 'local' && x.name === y.name;
  return x.kind === 'number' && y.kind === 'number' && wordOf(x) === wordOf(y);
}

/** All of whose bits are 0. */
function isZero(e: Expression): boolean {
  return e.kind === 'number' && wordOf(e) === 0;
}

function wordOf({ type, value }: Of<'number'>): number {
  if (type === 'f32') return bitsOf(value);
  return type === 'bool' && value !== 0 ? -1 : value;
}

function emitUnary({ op: name, x, type }: Of<'unary'>, scope: Scope): void {
  emitLanes(x, scope);
  // The same bits under another name.
  if (name === 'toBits' || name === 'fromBits') return;
  const found = (type === 'i32' ? unariesOfInts : unariesOfFloats)[name];
  if (found === undefined) throw new CompilerBug('wasm', `there are no lanes of ${name}`);
  scope.code.op(found);
}

const unariesOfInts: Partial<Record<UnaryOp, number>> = {
  neg: op.i32x4Neg,
  abs: op.i32x4Abs,
  toInt: op.i32x4TruncSatF32x4,
};

const unariesOfFloats: Partial<Record<UnaryOp, number>> = {
  neg: op.f32x4Neg,
  abs: op.f32x4Abs,
  floor: op.f32x4Floor,
  sqrt: op.f32x4Sqrt,
  toFloat: op.f32x4ConvertI32x4,
  not: op.v128Not,
};

function emitBinary(e: Of<'binary'>, scope: Scope): void {
  const { op: name, x, y } = e;
  if (name === 'div' && e.type === 'i32') return emitOneByOne(e, scope);
  if (name === 'mod') return emitOneByOne(e, scope);
  if (name === 'shiftLeft' || name === 'shiftRight') {
    if (y.kind !== 'number') return emitOneByOne(e, scope);
    emitLanes(x, scope);
    scope.code.i32(y.value);
    return scope.code.op(name === 'shiftLeft' ? op.i32x4Shl : op.i32x4ShrU);
  }
  const type = typeOf(x);
  if (scope.relaxed && type === 'f32' && emitFused(e, scope)) return;
  emitLanes(x, scope);
  emitLanes(y, scope);
  const found = (type === 'f32' ? binariesOfFloats : binariesOfInts)[name];
  if (found === undefined) throw new CompilerBug('wasm', `there are no lanes of ${name}`);
  scope.code.op(found);
}

/** A product and a sum rounded once together, which every function must bear (kernel/math). */
function emitFused({ op: name, x, y }: Of<'binary'>, scope: Scope): boolean {
  const fuse = (product: Of<'binary'>, sum: Expression, code: number): boolean => {
    emitTwo(product.x, product.y, undefined, scope);
    emitLanes(sum, scope);
    scope.code.op(code);
    return true;
  };
  if (name === 'add' && isProduct(y)) return fuse(y, x, op.f32x4RelaxedMadd);
  if (name === 'add' && isProduct(x)) return fuse(x, y, op.f32x4RelaxedMadd);
  if (name === 'sub' && isProduct(y)) return fuse(y, x, op.f32x4RelaxedNmadd);
  return false;
}

function isProduct(e: Expression): e is Of<'binary'> {
  return e.kind === 'binary' && e.op === 'mul';
}

const binariesOfFloats: Partial<Record<BinaryOp, number>> = {
  add: op.f32x4Add,
  sub: op.f32x4Sub,
  mul: op.f32x4Mul,
  div: op.f32x4Div,
  min: op.f32x4Min,
  max: op.f32x4Max,
  less: op.f32x4Lt,
  lessEqual: op.f32x4Le,
  equal: op.f32x4Eq,
  notEqual: op.f32x4Ne,
};

/** Of bools as well. */
const binariesOfInts: Partial<Record<BinaryOp, number>> = {
  add: op.i32x4Add,
  sub: op.i32x4Sub,
  mul: op.i32x4Mul,
  min: op.i32x4MinS,
  max: op.i32x4MaxS,
  less: op.i32x4LtS,
  lessEqual: op.i32x4LeS,
  equal: op.i32x4Eq,
  notEqual: op.i32x4Ne,
  and: op.v128And,
  or: op.v128Or,
  bitAnd: op.v128And,
  bitOr: op.v128Or,
  bitXor: op.v128Xor,
};

/** What there is no instruction for on four: quotients, and shifts by as many different numbers. */
function emitOneByOne({ op: name, x, y }: Of<'binary'>, scope: Scope): void {
  const { code } = scope;
  const [left, right] = [code.local('v128'), code.local('v128')];
  emitLanes(x, scope);
  code.set(left);
  emitLanes(y, scope);
  code.set(right);
  for (const lane of [0, 1, 2, 3]) {
    const operand = (from: number) => (): void => {
      code.get(from);
      code.op(op.i32x4ExtractLane, lane);
    };
    if (name === 'div' || name === 'mod') {
      emitQuotientOf(name, { emit: operand(left) }, { emit: operand(right) }, code);
    } else {
      operand(left)();
      operand(right)();
      code.op(name === 'shiftLeft' ? op.i32Shl : op.i32ShrU);
    }
    if (lane === 0) code.op(op.i32x4Splat);
    else code.op(op.i32x4ReplaceLane, lane);
  }
  code.release(left);
  code.release(right);
}
