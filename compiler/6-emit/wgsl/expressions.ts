/**
 * A kernel's expression as WGSL, with no more parentheses than WGSL demands: it lets `||`, `&&`,
 * comparisons, bit operations and shifts stand inside each other only in parentheses, and takes
 * `a < b >> c` for a template. What WGSL would fold at compile time and refuse (an overflow, a
 * division by zero) is kept from it by `opaque`.
 */
import type { BinaryOp, Expression } from '../../../runtime/artifact/kernel.ts';
import { partsOf } from '../../kernel/walk.ts';
import type { Context } from './context.ts';
import { lanesCall, opaqueCall, toIntCall } from './own-functions.ts';
import { type Level, enclosed, level } from './levels.ts';
import { loadText } from './memory.ts';
import { bitsText, numberText } from './numbers.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Unary = Extract<Expression, { kind: 'unary' }>;
type Binary = Extract<Expression, { kind: 'binary' }>;
type NumberExpression = Extract<Expression, { kind: 'number' }>;

const swizzle = ['x', 'y', 'z', 'w'] as const;

/**
 * `hidden` holds inside an operation on constants that WGSL might refuse to fold: none of its
 * numbers is then a constant to WGSL.
 */
export function expressionText(
  e: Expression,
  context: Context,
  asked: Level = level.any,
  hidden = false,
): string {
  const { names, needs, spelling } = context;
  switch (e.kind) {
    case 'number':
      return numberOf(e, context, asked, hidden);
    case 'size':
      context.usedSizes.add(e.name);
      return names.of('size', e.name);
    case 'step':
      needs.add('moment').add('time_step');
      return spelling.timeStep;
    case 'place': {
      const of = e.of === 'workgroup' ? 'workgroup_id' : 'invocation_id';
      needs.add(of);
      return spelling.place(of, e.axis);
    }
    case 'local':
      return names.of('local', e.name);
    case 'load':
      return loadText(e, context, (index, of) => expressionText(index, context, of, hidden));
    case 'unary':
      return unaryText(e, context, asked, hidden || isRisky(e));
    case 'binary':
      return binaryText(e, context, asked, hidden || isRisky(e));
    case 'select':
      return callText('select', [e.no, e.yes, e.condition], context, hidden);
    case 'call':
      return functionCall(e, context);
    case 'lane':
      return `${expressionText(e.x, context, level.primary, hidden)}.${swizzle[e.lane]}`;
    case 'pack':
      return callText('vec4<f32>', e.parts, context, hidden);
  }
  e satisfies never;
}

/** Whether WGSL would compute it at compile time. */
function isConstant(e: Expression): boolean {
  const parts = partsOf(e);
  if (parts.length === 0) return e.kind === 'number';
  return e.kind !== 'load' && e.kind !== 'call' && parts.every(isConstant);
}

const riskless: ReadonlySet<string> = new Set([
  ...['min', 'max', 'less', 'lessEqual', 'equal', 'notEqual', 'and', 'or'],
  ...['not', 'floor', 'splat', 'toFloat', 'toInt'],
]);

function isRisky(e: Unary | Binary): boolean {
  return !riskless.has(e.op) && isConstant(e);
}

function functionCall(e: Call, context: Context): string {
  const name = context.names.of('function', e.function);
  if (e.type !== 'f32x4') return callText(name, e.arguments, context, false);
  const operands = e.arguments.map((x) => expressionText(x, context, level.any, false));
  return lanesCall(name, operands, context);
}

function callText(
  name: string,
  operands: readonly Expression[],
  context: Context,
  hidden: boolean,
): string {
  const texts = operands.map((x) => expressionText(x, context, level.any, hidden));
  return `${name}(${texts.join(', ')})`;
}

function numberOf(
  { type, value }: NumberExpression,
  context: Context,
  asked: Level,
  hidden: boolean,
): string {
  const text = numberText(type, value);
  if (text === undefined || (hidden && type !== 'bool')) {
    return `bitcast<${type}>(${opaqueCall(bitsText(type, value), context)})`;
  }
  return enclosed(text, text.startsWith('-') ? level.unary : level.primary, asked);
}

function unaryText({ op, x }: Unary, context: Context, asked: Level, hidden: boolean): string {
  const operand = (): string => expressionText(x, context, level.any, hidden);
  switch (op) {
    case 'neg':
    case 'not': {
      const text = expressionText(x, context, level.unary, hidden);
      // `--` would be a token.
      const sign = op === 'not' ? '!' : '-';
      return enclosed(text.startsWith('-') ? `-(${text})` : sign + text, level.unary, asked);
    }
    case 'abs':
    case 'floor':
    case 'sqrt':
      return `${op}(${operand()})`;
    case 'toFloat':
      return `f32(${operand()})`;
    case 'toInt':
      return toIntCall(operand(), context);
    case 'fromBits':
      if (x.kind === 'number')
        return `bitcast<f32>(${opaqueCall(bitsText('i32', x.value), context)})`;
      return `bitcast<f32>(${operand()})`;
    case 'toBits':
      return `bitcast<i32>(${operand()})`;
    case 'splat':
      return `vec4<f32>(${operand()})`;
    case 'fromBytes':
      return `vec4<f32>((vec4<i32>(${operand()}) << vec4<u32>(24u, 16u, 8u, 0u)) & vec4<i32>(-16777216))`;
  }
  op satisfies never;
}

interface Infix {
  readonly symbol: string;
  readonly binds: Level;
  /** What its operands must bind like. */
  readonly left: Level;
  readonly right: Level;
}

const { any, comparison, sum, product, unary } = level;
const logic = { binds: any, left: comparison, right: comparison };
const compare = { binds: comparison, left: sum, right: sum };
const plus = { binds: sum, left: sum, right: product };
const times = { binds: product, left: product, right: unary };
const bits = { binds: any, left: unary, right: unary };

const infixes: ReadonlyMap<BinaryOp, Infix> = new Map([
  ['or', { symbol: '||', ...logic }],
  ['and', { symbol: '&&', ...logic }],
  ['less', { symbol: '<', ...compare }],
  ['lessEqual', { symbol: '<=', ...compare }],
  ['equal', { symbol: '==', ...compare }],
  ['notEqual', { symbol: '!=', ...compare }],
  ['bitAnd', { symbol: '&', ...bits }],
  ['bitOr', { symbol: '|', ...bits }],
  ['bitXor', { symbol: '^', ...bits }],
  ['add', { symbol: '+', ...plus }],
  ['sub', { symbol: '-', ...plus }],
  ['mul', { symbol: '*', ...times }],
  ['div', { symbol: '/', ...times }],
  ['mod', { symbol: '%', ...times }],
] satisfies [BinaryOp, Infix][]);

function binaryText(e: Binary, context: Context, asked: Level, hidden: boolean): string {
  const { op, x, y } = e;
  if (op === 'shiftLeft' || op === 'shiftRight') return shiftText(e, context, asked, hidden);
  const infix = infixes.get(op);
  if (infix === undefined) return callText(op, [x, y], context, hidden);
  // `a && b && c` stands without parentheses, as does a sum of sums.
  const same = infix.binds === any && x.kind === 'binary' && x.op === op;
  const left = expressionText(x, context, same ? any : infix.left, hidden);
  const right = expressionText(y, context, infix.right, hidden || mayBeZero(e));
  return enclosed(`${left} ${infix.symbol} ${right}`, infix.binds, asked);
}

/** A constant that a whole number is divided by, and that WGSL might refuse. */
function mayBeZero({ op, type, y }: Binary): boolean {
  if (type !== 'i32' || (op !== 'div' && op !== 'mod')) return false;
  return y.kind === 'number' ? (y.value | 0) === 0 : isConstant(y);
}

/** How far is unsigned in WGSL; so is what is shifted to the right, to come without the sign. */
function shiftText({ op, x, y }: Binary, context: Context, asked: Level, hidden: boolean): string {
  const hide = hidden || isConstant(y);
  const by =
    y.kind === 'number' ? `${y.value & 31}u` : `u32(${expressionText(y, context, any, hide)})`;
  if (op === 'shiftLeft') {
    return enclosed(`${expressionText(x, context, unary, hidden)} << ${by}`, any, asked);
  }
  const shifted =
    x.kind === 'number' && !hidden
      ? bitsText('i32', x.value)
      : `u32(${expressionText(x, context, any, hidden)})`;
  return `i32(${shifted} >> ${by})`;
}
