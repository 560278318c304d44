/**
 * Short names for the expressions and statements of the kernel IR. Arithmetic on whole numbers is
 * folded as it is built, so that an index reads as one would write it; floats are left alone, since
 * their rounding is part of what a kernel means.
 */
import type {
  BinaryOp,
  Expression,
  ScalarType,
  Statement,
  UnaryOp,
  ValueType,
} from '../../runtime/artifact/kernel.ts';
import { CompilerBug } from '../base/bug.ts';

export function typeOf(e: Expression): ValueType {
  switch (e.kind) {
    case 'size':
    case 'step':
    case 'place':
      return 'i32';
    case 'lane':
      return 'f32';
    case 'pack':
      return 'f32x4';
    case 'number':
    case 'local':
    case 'load':
    case 'unary':
    case 'binary':
    case 'select':
    case 'call':
      return e.type;
  }
  e satisfies never;
}

export function int(value: number): Expression {
  // Never -0, which no whole number is.
  return { kind: 'number', type: 'i32', value: value + 0 };
}

export function float(value: number): Expression {
  return { kind: 'number', type: 'f32', value };
}

export function bool(value: boolean): Expression {
  return { kind: 'number', type: 'bool', value: value ? 1 : 0 };
}

export function size(name: string): Expression {
  return { kind: 'size', name };
}

export const step: Expression = { kind: 'step' };

export function workgroup(axis: 0 | 1 | 2): Expression {
  return { kind: 'place', of: 'workgroup', axis };
}

export function invocation(axis: 0 | 1 | 2): Expression {
  return { kind: 'place', of: 'invocation', axis };
}

export function local(name: string, type: ValueType): Expression {
  return { kind: 'local', name, type };
}

export function load(memory: string, index: Expression, type: 'f32' | 'i32' | 'f32x4'): Expression {
  return { kind: 'load', memory, index, type };
}

/** Four numbers from any index on. */
export function loadAnywhere(memory: string, index: Expression): Expression {
  return { kind: 'load', memory, index, type: 'f32x4', unaligned: true };
}

export function unary(op: UnaryOp, x: Expression): Expression {
  const from = typeOf(x);
  switch (op) {
    case 'toFloat':
    case 'fromBits':
      return { kind: 'unary', op, x, type: 'f32' };
    case 'toInt':
    case 'toBits':
      return { kind: 'unary', op, x, type: 'i32' };
    case 'splat':
    case 'fromBytes':
      return { kind: 'unary', op, x, type: 'f32x4' };
    case 'not':
      return x.kind === 'number' ? bool(x.value === 0) : { kind: 'unary', op, x, type: 'bool' };
    case 'neg':
    case 'abs':
    case 'floor':
    case 'sqrt':
      return { kind: 'unary', op, x, type: from };
  }
  op satisfies never;
}

const comparisons: ReadonlySet<BinaryOp> = new Set(['less', 'lessEqual', 'equal', 'notEqual']);

export function binary(op: BinaryOp, x: Expression, y: Expression): Expression {
  const [left, right] = [typeOf(x), typeOf(y)];
  if (left !== right) throw new CompilerBug('kernel', `${op} of ${left} and ${right}`);
  const type = comparisons.has(op) ? 'bool' : left;
  if (left === 'i32') {
    const folded = foldInt(op, x, y);
    if (folded !== undefined) return folded;
  }
  if (left === 'bool') {
    const folded = foldBool(op, x, y);
    if (folded !== undefined) return folded;
  }
  return { kind: 'binary', op, x, y, type };
}

export const add = (x: Expression, y: Expression): Expression => binary('add', x, y);
export const sub = (x: Expression, y: Expression): Expression => binary('sub', x, y);
export const mul = (x: Expression, y: Expression): Expression => binary('mul', x, y);
export const div = (x: Expression, y: Expression): Expression => binary('div', x, y);
export const mod = (x: Expression, y: Expression): Expression => binary('mod', x, y);
export const min = (x: Expression, y: Expression): Expression => binary('min', x, y);
export const max = (x: Expression, y: Expression): Expression => binary('max', x, y);
export const less = (x: Expression, y: Expression): Expression => binary('less', x, y);
export const lessEqual = (x: Expression, y: Expression): Expression => binary('lessEqual', x, y);
export const equal = (x: Expression, y: Expression): Expression => binary('equal', x, y);
export const notEqual = (x: Expression, y: Expression): Expression => binary('notEqual', x, y);
export const and = (x: Expression, y: Expression): Expression => binary('and', x, y);
export const or = (x: Expression, y: Expression): Expression => binary('or', x, y);

export function select(condition: Expression, yes: Expression, no: Expression): Expression {
  if (typeOf(yes) !== typeOf(no)) {
    throw new CompilerBug('kernel', `select of ${typeOf(yes)} and ${typeOf(no)}`);
  }
  if (condition.kind === 'number') return condition.value === 0 ? no : yes;
  return { kind: 'select', condition, yes, no, type: typeOf(yes) };
}

/** `type` is that of the function, which works on f32x4 where it is given such. */
export function call(name: string, args: readonly Expression[], type: ScalarType): Expression {
  const byFours = args.some((arg) => typeOf(arg) === 'f32x4');
  return { kind: 'call', function: name, arguments: args, type: byFours ? 'f32x4' : type };
}

export function lane(x: Expression, at: 0 | 1 | 2 | 3): Expression {
  return { kind: 'lane', x, lane: at };
}

/** Four f32 as an f32x4; the lanes of one value are that value. */
export function pack(parts: readonly Expression[]): Expression {
  const [first] = parts;
  if (parts.length !== 4 || parts.some((part) => typeOf(part) !== 'f32')) {
    throw new CompilerBug('kernel', 'an f32x4 is four f32');
  }
  const whole = first?.kind === 'lane' ? first.x : undefined;
  const same = parts.every((p, i) => p.kind === 'lane' && p.lane === i && p.x === whole);
  return same && whole !== undefined ? whole : { kind: 'pack', parts };
}

/** `x / y` rounded up; both whole, y positive. */
export function ceilDiv(x: Expression, y: Expression): Expression {
  return div(add(x, sub(y, int(1))), y);
}

export function forLoop(
  variable: string,
  to: Expression,
  body: readonly Statement[],
  from: Expression = int(0),
  by: Expression = int(1),
): Statement {
  return { kind: 'for', variable, from, to, step: by, body };
}

export function when(condition: Expression, then: readonly Statement[]): readonly Statement[] {
  if (condition.kind === 'number') return condition.value === 0 ? [] : then;
  return [{ kind: 'if', condition, then, otherwise: [] }];
}

function foldBool(op: BinaryOp, x: Expression, y: Expression): Expression | undefined {
  if (op === 'and') {
    if (x.kind === 'number') return x.value === 0 ? x : y;
    if (y.kind === 'number') return y.value === 0 ? y : x;
  }
  if (op === 'or') {
    if (x.kind === 'number') return x.value === 0 ? y : x;
    if (y.kind === 'number') return y.value === 0 ? x : y;
  }
  return undefined;
}

/** Whole numbers: constants together, and 0 and 1 where they do nothing. */
function foldInt(op: BinaryOp, x: Expression, y: Expression): Expression | undefined {
  const a = x.kind === 'number' ? x.value : undefined;
  const b = y.kind === 'number' ? y.value : undefined;
  if (a !== undefined && b !== undefined) return foldNumbers(op, a, b);
  switch (op) {
    case 'add':
      return a === 0 ? y : b === 0 ? x : undefined;
    case 'sub':
      return b === 0 ? x : undefined;
    case 'mul':
      if (a === 0 || b === 0) return int(0);
      return a === 1 ? y : b === 1 ? x : undefined;
    case 'div':
      return b === 1 ? x : undefined;
    case 'mod':
      return b === 1 ? int(0) : undefined;
    default:
      return undefined;
  }
}

function foldNumbers(op: BinaryOp, a: number, b: number): Expression | undefined {
  switch (op) {
    case 'add':
      return int(a + b);
    case 'sub':
      return int(a - b);
    case 'mul':
      return int(a * b);
    case 'div':
      return b === 0 ? undefined : int(Math.trunc(a / b));
    case 'mod':
      return b === 0 ? undefined : int(a % b);
    case 'min':
      return int(Math.min(a, b));
    case 'max':
      return int(Math.max(a, b));
    case 'less':
      return bool(a < b);
    case 'lessEqual':
      return bool(a <= b);
    case 'equal':
      return bool(a === b);
    case 'notEqual':
      return bool(a !== b);
    default:
      return undefined;
  }
}
