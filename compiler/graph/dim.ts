/**
 * Dimensions: linear forms over symbols, `2*D + 128`. Batch is the symbol `B`, time usually `T`;
 * widths that a spec leaves open are symbols too. A form is kept canonical (terms sorted by symbol,
 * no zero coefficient), so that two equal dimensions have equal text.
 */
import * as sizes from '../../runtime/artifact/size.ts';
import { CompilerBug } from '../base/bug.ts';

export type Dim = sizes.Dim;
export type Shape = readonly Dim[];

/** Values of symbols, all positive integers or zero. */
export type Bindings = sizes.Bindings;

export function fixed(value: number): Dim {
  return { constant: value, terms: [] };
}

export function symbol(name: string): Dim {
  return { constant: 0, terms: [{ symbol: name, coefficient: 1 }] };
}

export function dim(value: number | string | Dim): Dim {
  if (typeof value === 'number') return fixed(value);
  return typeof value === 'string' ? symbol(value) : value;
}

export function addDims(left: Dim, right: Dim): Dim {
  return combine(left, right, 1);
}

export function subtractDims(left: Dim, right: Dim): Dim {
  return combine(left, right, -1);
}

export function scaleDim(value: Dim, factor: number): Dim {
  if (factor === 0) return fixed(0);
  return {
    constant: value.constant * factor,
    terms: value.terms.map((t) => ({ symbol: t.symbol, coefficient: t.coefficient * factor })),
  };
}

function combine(left: Dim, right: Dim, sign: 1 | -1): Dim {
  const sums = new Map<string, number>();
  for (const t of left.terms) sums.set(t.symbol, t.coefficient);
  for (const t of right.terms) {
    sums.set(t.symbol, (sums.get(t.symbol) ?? 0) + sign * t.coefficient);
  }
  const terms = [...sums]
    .filter(([, coefficient]) => coefficient !== 0)
    .map(([name, coefficient]) => ({ symbol: name, coefficient }))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return { constant: left.constant + sign * right.constant, terms };
}

export function sameDim(left: Dim, right: Dim): boolean {
  if (left === right) return true;
  if (left.constant !== right.constant || left.terms.length !== right.terms.length) return false;
  return left.terms.every((t, i) => {
    const other = right.terms[i];
    return other?.symbol === t.symbol && other.coefficient === t.coefficient;
  });
}

export function sameShape(left: Shape, right: Shape): boolean {
  if (left === right) return true;
  return left.length === right.length && left.every((d, i) => sameDim(d, right[i] ?? d));
}

/** The number, when no symbol is left. */
export function fixedValue(value: Dim): number | undefined {
  return value.terms.length === 0 ? value.constant : undefined;
}

/** Replaces symbols by forms; symbols that are not in the map stay. */
export function substituteDim(value: Dim, by: ReadonlyMap<string, Dim>): Dim {
  if (value.terms.length === 0 || by.size === 0) return value;
  let sum = fixed(value.constant);
  for (const t of value.terms) {
    sum = addDims(sum, scaleDim(by.get(t.symbol) ?? symbol(t.symbol), t.coefficient));
  }
  return sum;
}

/** The value under the bindings; a symbol without one is a compiler bug. */
export function evaluateDim(value: Dim, bindings: Bindings): number {
  for (const t of value.terms) {
    if (!bindings.has(t.symbol)) throw new CompilerBug('dim', `${t.symbol} is not bound`);
  }
  return sizes.evaluateDim(value, bindings);
}

export function evaluateShape(shape: Shape, bindings: Bindings): number[] {
  return shape.map((d) => evaluateDim(d, bindings));
}

export function symbolsOf(shape: Shape): Set<string> {
  return new Set(shape.flatMap((d) => d.terms.map((t) => t.symbol)));
}

/** `2*D + 128`, `T`, `7`. */
export const printDim: (value: Dim) => string = sizes.printDim;

export function printShape(shape: Shape): string {
  return `[${shape.map(printDim).join(', ')}]`;
}
