/**
 * Whole numbers as sums of products: a constant, and terms of a coefficient and factors that are
 * not taken apart further. Two indexes that differ by a constant are seen to, however they were
 * written; so is what one grows by from one turn of a loop to the next. All of it modulo 2^32, as
 * i32 is.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';

export interface Factor {
  readonly key: string;
  readonly value: Expression;
  readonly natural: boolean;
  /** Whether it reads memory, so that it may only be asked for where the kernel asks for it. */
  readonly loads: boolean;
}

export interface Term {
  /** Never 0. */
  readonly coefficient: number;
  /** In the order of their keys. */
  readonly factors: readonly Factor[];
}

export interface Linear {
  readonly constant: number;
  /** By the keys of the factors. */
  readonly terms: ReadonlyMap<string, Term>;
}

const mostFactors = 4;

export function constantLinear(constant: number): Linear {
  return { constant, terms: new Map() };
}

/** The key of all but the constant. */
export function termsKey({ terms }: Linear): string {
  const known = keys.get(terms);
  if (known !== undefined) return known;
  const parts = [...terms].map(([key, { coefficient }]) => `${coefficient} ${key}`);
  const key = parts.sort().join(' + ');
  keys.set(terms, key);
  return key;
}

const keys = new WeakMap<ReadonlyMap<string, Term>, string>();

export function sum(x: Linear, y: Linear, sign: 1 | -1 = 1): Linear {
  const constant = (x.constant + sign * y.constant) | 0;
  if (y.terms.size === 0) return { constant, terms: x.terms };
  if (x.terms.size === 0 && sign === 1) return { constant, terms: y.terms };
  const terms = new Map(x.terms);
  for (const [key, { coefficient, factors }] of y.terms) {
    addTerm(terms, key, { coefficient: coefficient * sign, factors });
  }
  return { constant, terms };
}

/** Undefined where a product has too many factors to be worth it. */
export function product(x: Linear, y: Linear): Linear | undefined {
  const constant = Math.imul(x.constant, y.constant);
  const terms = new Map<string, Term>();
  for (const [i, a] of allTerms(x)) {
    for (const [j, b] of allTerms(y)) {
      if (i === '' && j === '') continue;
      const factors = [...a.factors, ...b.factors].sort((p, q) => (p.key < q.key ? -1 : 1));
      if (factors.length > mostFactors) return undefined;
      const coefficient = Math.imul(a.coefficient, b.coefficient);
      addTerm(terms, factors.map(({ key }) => key).join(' * '), { coefficient, factors });
    }
  }
  return { constant, terms };
}

function* allTerms({ constant, terms }: Linear): Generator<readonly [string, Term]> {
  if (constant !== 0) yield ['', { coefficient: constant, factors: [] }];
  yield* terms;
}

function addTerm(terms: Map<string, Term>, key: string, { coefficient, factors }: Term): void {
  const together = ((terms.get(key)?.coefficient ?? 0) + coefficient) | 0;
  if (together === 0) terms.delete(key);
  else terms.set(key, { coefficient: together, factors });
}

/** Whether it is not negative whatever its factors are. */
export function isNaturalForm({ constant, terms }: Linear): boolean {
  const natural = [...terms.values()].every(
    ({ coefficient, factors }) => coefficient > 0 && factors.every((part) => part.natural),
  );
  return natural && constant >= 0;
}

/** Whether it is one factor as it stands, and more than a name. */
export function isSingle({ constant, terms }: Linear): boolean {
  const [term, ...others] = terms.values();
  if (term === undefined || others.length > 0 || constant !== 0) return false;
  const [factor, ...more] = term.factors;
  if (factor === undefined || more.length > 0 || term.coefficient !== 1) return false;
  return !isName(factor.value);
}

export function isName({ kind }: Expression): boolean {
  return kind === 'local' || kind === 'size' || kind === 'step';
}
