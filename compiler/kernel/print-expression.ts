/**
 * An expression of a kernel as text, the form of specs/ir/kernel.md, with no more parentheses than
 * it needs to be read back to the same tree.
 */
import type { Expression, UnaryOp, ValueType } from '../../runtime/artifact/kernel.ts';
import { printName } from './names.ts';
import { infixOf, unaryLevel } from './operators.ts';

type Unary = Extract<Expression, { kind: 'unary' }>;
type Binary = Extract<Expression, { kind: 'binary' }>;
type NumberExpression = Extract<Expression, { kind: 'number' }>;

export function printExpression(e: Expression): string {
  return print(e, 0);
}

export function printAxis(axis: 0 | 1 | 2): string {
  return ['x', 'y', 'z'][axis] ?? '?';
}

/** In parentheses where it binds less tightly than `level`. */
function print(e: Expression, level: number): string {
  switch (e.kind) {
    case 'number':
      return printNumber(e);
    case 'size':
    case 'local':
      return printName(e.name);
    case 'step':
      return 'step';
    case 'place':
      return `${e.of}.${printAxis(e.axis)}`;
    case 'load':
      return printElement(e.memory, e.index, fourOf(e.type, e.unaligned));
    case 'unary':
      return printUnary(e);
    case 'binary':
      return printBinary(e, level);
    case 'select':
      return printCall('select', [e.condition, e.yes, e.no]);
    case 'call':
      return printCall(printName(e.function), e.arguments);
    case 'lane':
      return `lane(${print(e.x, 0)}, ${e.lane})`;
    case 'pack':
      return printCall('pack', e.parts);
  }
  e satisfies never;
}

/** One element, or four from there on: at a multiple of 4, or anywhere. */
export type FourOf = 'one' | 'aligned' | 'unaligned';

export function fourOf(type: ValueType, unaligned: true | undefined): FourOf {
  return type !== 'f32x4' ? 'one' : unaligned === true ? 'unaligned' : 'aligned';
}

const extents: Readonly<Record<FourOf, string>> = { one: '', aligned: ' : 4', unaligned: ' :: 4' };

/** `a[i]`; `a[i : 4]` for an f32x4, `a[i :: 4]` where the index is any. */
export function printElement(memory: string, index: Expression, four: FourOf): string {
  return `${printName(memory)}[${print(index, 0)}${extents[four]}]`;
}

function printCall(name: string, operands: readonly Expression[]): string {
  return `${name}(${operands.map(printExpression).join(', ')})`;
}

const prefixes: Partial<Record<UnaryOp, string>> = { neg: '-', not: '!' };

function printUnary({ op, x }: Unary): string {
  const prefix = prefixes[op];
  if (prefix === undefined) return printCall(op, [x]);
  // `-1` is a number, so that the op on a number is `-(1)`.
  return x.kind === 'number' ? `${prefix}(${printNumber(x)})` : `${prefix}${print(x, unaryLevel)}`;
}

function printBinary({ op, x, y }: Binary, level: number): string {
  const infix = infixOf(op);
  if (infix === undefined) return printCall(op, [x, y]);
  const text = `${print(x, infix.level)} ${infix.symbol} ${print(y, infix.level + 1)}`;
  return infix.level < level ? `(${text})` : text;
}

function printNumber({ type, value }: NumberExpression): string {
  if (type === 'bool') return value === 0 ? 'false' : 'true';
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return type === 'f32' && /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}
