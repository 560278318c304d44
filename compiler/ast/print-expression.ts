/**
 * Expressions as canonical text. In: a tree. Out: one line that parses to the same tree, with no
 * more parentheses than that needs.
 */
import type { Argument, BinaryOperator, Expression } from './types.ts';

/** In equations a call of `sigmoid` is written `σ(…)`, as on the slides. */
export type Style = 'slide' | 'plain';

export function printExpression(e: Expression, style: Style): string {
  switch (e.kind) {
    case 'number':
      return printNumber(e.value);
    case 'string':
      return printString(e.value);
    case 'reference':
      return e.name;
    case 'timed':
      return `${e.name.text}<t${printOffset(e.offset)}>`;
    case 'unary':
      return `-${operand(e.operand, LEVEL.unary, style)}`;
    case 'binary':
      return printBinary(e.operator, e.left, e.right, style);
    case 'call':
      return `${callee(e.callee.text, style)}(${printArguments(e.arguments, style)})`;
    case 'product':
      return `${e.weight.text}[${printItems(e.operands, style)}]`;
    case 'list':
      return `[${printItems(e.items, style)}]`;
    case 'pipeline':
      return e.stages.map((stage) => printStage(stage, style)).join(' -> ');
    case 'broken':
      return '?';
    default:
      return e satisfies never;
  }
}

/** A stage that is itself a pipeline keeps its parentheses. */
export function printStage(stage: Expression, style: Style): string {
  return operand(stage, LEVEL.comparison, style);
}

export function printArguments(list: readonly Argument[], style: Style): string {
  return list.map((argument) => printArgument(argument, style)).join(', ');
}

export function printArgument({ name, value }: Argument, style: Style): string {
  const printed = printExpression(value, style);
  return name === undefined ? printed : `${name.text} = ${printed}`;
}

export function printItems(items: readonly Expression[], style: Style): string {
  return items.map((item) => printExpression(item, style)).join(', ');
}

export function printString(value: string): string {
  const escaped = value.replace(/["\\]|\p{Cc}/gu, (sign) => {
    const short = escapes.get(sign);
    return short ?? `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return `"${escaped}"`;
}

/** `10_000`, `0.005`, `1e-5`; reads back to the same double. */
export function printNumber(value: number): string {
  if (value === Infinity) return '1e999';
  const exponential = value.toExponential().replace('e+', 'e');
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9)) {
    return Number.isSafeInteger(value) && value % 1e6 !== 0 ? grouped(value) : exponential;
  }
  return Number.isInteger(value) && Math.abs(value) >= 10_000 ? grouped(value) : String(value);
}

/** Tighter binding is higher. */
const LEVEL = {
  pipeline: 0,
  comparison: 1,
  sum: 2,
  product: 3,
  unary: 4,
  power: 5,
  primary: 6,
} as const;

const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
]);

function printOffset(offset: number): string {
  if (offset === 0) return '';
  return offset > 0 ? `+${String(offset)}` : String(offset);
}

function printBinary(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  style: Style,
): string {
  const level = levelOf(operator);
  // `^` binds to the right and takes a minus after it; the others bind to the left.
  const power = level === LEVEL.power;
  const before = operand(left, power ? LEVEL.primary : level, style);
  const after = operand(right, power ? LEVEL.unary : level + 1, style);
  return `${before} ${operator} ${after}`;
}

function operand(e: Expression, atLeast: number, style: Style): string {
  const printed = printExpression(e, style);
  return bindingOf(e) < atLeast ? `(${printed})` : printed;
}

function bindingOf(e: Expression): number {
  if (e.kind === 'pipeline') return LEVEL.pipeline;
  if (e.kind === 'binary') return levelOf(e.operator);
  return e.kind === 'unary' ? LEVEL.unary : LEVEL.primary;
}

function levelOf(operator: BinaryOperator): number {
  switch (operator) {
    case '+':
    case '-':
      return LEVEL.sum;
    case '*':
    case '/':
      return LEVEL.product;
    case '^':
      return LEVEL.power;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return LEVEL.comparison;
    default:
      return operator satisfies never;
  }
}

function callee(name: string, style: Style): string {
  return name === 'sigmoid' && style === 'slide' ? 'σ' : name;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, '_');
}
