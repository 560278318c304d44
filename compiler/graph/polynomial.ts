/**
 * Sums of products of dimensions, `512*D + 65536`: how many numbers a shape holds, how many
 * operations a graph takes, while some widths are still open. Kept canonical: one term a monomial,
 * none with coefficient 0.
 */
import type { Bindings, Dim, Shape } from './dim.ts';

export interface Polynomial {
  readonly terms: readonly PolynomialTerm[];
}

export interface PolynomialTerm {
  readonly coefficient: number;
  /** Sorted; a square names its symbol twice. */
  readonly symbols: readonly string[];
}

export function polynomial(value: number): Polynomial {
  return canonical([{ coefficient: value, symbols: [] }]);
}

export function dimPolynomial(dim: Dim): Polynomial {
  return canonical([
    { coefficient: dim.constant, symbols: [] },
    ...dim.terms.map((t) => ({ coefficient: t.coefficient, symbols: [t.symbol] })),
  ]);
}

/** The number of elements. */
export function elementCount(shape: Shape): Polynomial {
  let factor = 1;
  let product: Polynomial | undefined;
  for (const dim of shape) {
    if (dim.terms.length === 0) factor *= dim.constant;
    else product = product === undefined ? dimPolynomial(dim) : times(product, dimPolynomial(dim));
  }
  return product === undefined ? polynomial(factor) : times(polynomial(factor), product);
}

export function plus(...parts: readonly Polynomial[]): Polynomial {
  return canonical(parts.flatMap((p) => p.terms));
}

export function times(left: Polynomial, right: Polynomial): Polynomial {
  return canonical(
    left.terms.flatMap((l) =>
      right.terms.map((r) => ({
        coefficient: l.coefficient * r.coefficient,
        symbols: [...l.symbols, ...r.symbols],
      })),
    ),
  );
}

/** Puts numbers in place of the symbols that are bound. */
export function bindPolynomial(value: Polynomial, bindings: Bindings): Polynomial {
  return canonical(
    value.terms.map((t) => ({
      coefficient: t.symbols.reduce((c, s) => c * (bindings.get(s) ?? 1), t.coefficient),
      symbols: t.symbols.filter((s) => !bindings.has(s)),
    })),
  );
}

/** The number, when no symbol is left. */
export function polynomialValue(value: Polynomial): number | undefined {
  const [first] = value.terms;
  if (first === undefined) return 0;
  return value.terms.length === 1 && first.symbols.length === 0 ? first.coefficient : undefined;
}

/** `512*D + 65,536`. */
export function printPolynomial(value: Polynomial): string {
  if (value.terms.length === 0) return '0';
  return value.terms
    .map((t, i) => {
      const sign = t.coefficient < 0 ? (i > 0 ? ' - ' : '-') : i > 0 ? ' + ' : '';
      const size = Math.abs(t.coefficient);
      const factors =
        size === 1 && t.symbols.length > 0 ? t.symbols : [grouped(size), ...t.symbols];
      return sign + factors.join('*');
    })
    .join('');
}

/** For JSON: a number where no symbol is left, else text without separators. */
export function jsonCount(value: Polynomial): number | string {
  return polynomialValue(value) ?? printPolynomial(value).replaceAll(',', '');
}

/** `65,536`, the same in every locale. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

function canonical(terms: readonly PolynomialTerm[]): Polynomial {
  const [only] = terms;
  if (only === undefined || (terms.length === 1 && only.symbols.length < 2)) {
    return only?.coefficient === 0 ? { terms: [] } : { terms };
  }
  const sums = new Map<string, PolynomialTerm>();
  for (const term of terms) {
    const symbols = [...term.symbols].sort();
    const key = symbols.join('*');
    const coefficient = (sums.get(key)?.coefficient ?? 0) + term.coefficient;
    sums.set(key, { coefficient, symbols });
  }
  const kept = [...sums.values()].filter((t) => t.coefficient !== 0);
  // Highest degree first, then by name.
  kept.sort(
    (a, b) =>
      b.symbols.length - a.symbols.length || (a.symbols.join('*') < b.symbols.join('*') ? -1 : 1),
  );
  return { terms: kept };
}
