/**
 * Unification of dimensions. Symbols are either rigid (batch, time: two of them are never made
 * equal, nor equal to a number) or open (widths that a spec leaves open, the rows of a weight).
 * An equation between linear forms is solved for an open symbol with coefficient ±1.
 */
import {
  fixedValue,
  scaleDim,
  subtractDims,
  substituteDim,
  symbol,
  type Dim,
  type Shape,
} from '../graph/dim.ts';

export class Solver {
  private readonly solved = new Map<string, Dim>();
  /** For each open symbol, the solved ones whose solutions mention it. */
  private readonly mentions = new Map<string, Set<string>>();
  private readonly rigid = new Set<string>(['B']);
  private unknowns = 0;

  /** Solutions so far, fully substituted. */
  get solutions(): ReadonlyMap<string, Dim> {
    return this.solved;
  }

  isRigid(name: string): boolean {
    return this.rigid.has(name);
  }

  makeRigid(name: string): void {
    this.rigid.add(name);
  }

  /** Gives a symbol its value before anything is elaborated (`--dim D=33`). */
  bind(name: string, value: Dim): void {
    this.solve(name, value);
  }

  /** A new open symbol; `?` cannot occur in a name of the language. */
  unknown(): Dim {
    return symbol(`?${++this.unknowns}`);
  }

  resolve(dim: Dim): Dim {
    return substituteDim(dim, this.solved);
  }

  resolveShape(shape: Shape): Shape {
    return shape.map((d) => this.resolve(d));
  }

  /** Makes the two equal; false when they cannot be. */
  unify(left: Dim, right: Dim): boolean {
    const difference = subtractDims(this.resolve(left), this.resolve(right));
    const value = fixedValue(difference);
    if (value !== undefined) return value === 0;
    const candidates = difference.terms.filter(
      (t) => Math.abs(t.coefficient) === 1 && !this.rigid.has(t.symbol),
    );
    // Compiler-made unknowns go first, so that a name of the user's survives.
    const term = candidates.find((t) => t.symbol.startsWith('?')) ?? candidates[0];
    if (term === undefined) return this.solveScaled(difference);
    const rest = subtractDims(difference, scaleDim(symbol(term.symbol), term.coefficient));
    const solution = scaleDim(rest, -term.coefficient);
    if (!this.meaningful(term.symbol, solution)) return false;
    this.solve(term.symbol, solution);
    return true;
  }

  /** `2*D = 64` has one open symbol with another coefficient. */
  private solveScaled(difference: Dim): boolean {
    const [term] = difference.terms;
    if (difference.terms.length !== 1 || term === undefined || this.rigid.has(term.symbol)) {
      return false;
    }
    const value = -difference.constant / term.coefficient;
    if (!Number.isInteger(value) || value < 0) return false;
    this.solve(term.symbol, { constant: value, terms: [] });
    return true;
  }

  /** A user's width may become a number or another width, never the batch or a time. */
  private meaningful(name: string, solution: Dim): boolean {
    const value = fixedValue(solution);
    if (value !== undefined) return value >= 0;
    return name.startsWith('?') || !solution.terms.some((t) => this.rigid.has(t.symbol));
  }

  private solve(name: string, value: Dim): void {
    const one = new Map([[name, value]]);
    const mentioning = this.mentions.get(name) ?? [];
    this.mentions.delete(name);
    for (const key of mentioning) this.settle(key, substituteDim(this.resolve(symbol(key)), one));
    this.settle(name, value);
  }

  private settle(name: string, value: Dim): void {
    this.solved.set(name, value);
    for (const { symbol: mentioned } of value.terms) {
      const known = this.mentions.get(mentioned) ?? new Set();
      this.mentions.set(mentioned, known.add(name));
    }
  }
}
