/**
 * Dimensions of a program, linear forms over symbols, and the whole-number expressions over them
 * that a program is laid out by. What a host evaluates before it dispatches anything.
 */
import type { Expression } from './kernel.ts';

export interface Dim {
  readonly constant: number;
  readonly terms: readonly DimTerm[];
}

export interface DimTerm {
  readonly symbol: string;
  /** Never 0. */
  readonly coefficient: number;
}

/** Values of symbols, all positive integers or zero. */
export type Bindings = ReadonlyMap<string, number>;

/** The value under the bindings; a symbol without one is an Error that names it. */
export function evaluateDim(dim: Dim, bindings: Bindings): number {
  let sum = dim.constant;
  for (const { symbol, coefficient } of dim.terms) sum += valueOf(symbol, bindings) * coefficient;
  return sum;
}

/** `2*D + 128`, `T`, `7`. */
export function printDim(dim: Dim): string {
  const parts: string[] = [];
  for (const t of dim.terms) {
    const size = Math.abs(t.coefficient);
    const sign = t.coefficient < 0 ? '-' : parts.length > 0 ? '+' : '';
    parts.push(`${sign}${size === 1 ? '' : `${size}*`}${t.symbol}`);
  }
  if (dim.constant !== 0 || parts.length === 0) {
    parts.push(`${dim.constant >= 0 && parts.length > 0 ? '+' : ''}${dim.constant}`);
  }
  return parts.join('');
}

/**
 * The value of an expression over sizes. Exact up to 2^53, unlike the same arithmetic on a device,
 * so that what does not fit into 32 bits can be told. Anything but whole-number arithmetic on
 * sizes is an error of whoever built the program.
 */
export function evaluateSize(expression: Expression, values: Bindings): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'size':
      return valueOf(expression.name, values);
    case 'binary': {
      const x = evaluateSize(expression.x, values);
      const y = evaluateSize(expression.y, values);
      return evaluateBinary(expression.op, x, y);
    }
    default:
      throw new Error(`${expression.kind} is no size`);
  }
}

function valueOf(symbol: string, values: Bindings): number {
  const value = values.get(symbol);
  if (value === undefined) throw new Error(`the size ${symbol} is not bound`);
  return value;
}

function evaluateBinary(op: string, x: number, y: number): number {
  switch (op) {
    case 'add':
      return x + y;
    case 'sub':
      return x - y;
    case 'mul':
      return x * y;
    case 'div':
      return Math.trunc(x / y);
    case 'mod':
      return x % y;
    case 'min':
      return Math.min(x, y);
    case 'max':
      return Math.max(x, y);
    default:
      throw new Error(`${op} is no arithmetic of sizes`);
  }
}
