/**
 * Solves symbolic shapes against those that are at hand: `[n, n+D]` against `[8, 20]` with n = 8
 * known gives D = 12. An axis binds a symbol when it is the only unknown one in it; axes are gone
 * over until nothing more is learned, so the order of the shapes does not matter.
 */
import {
  dim,
  fixedValue,
  printDim,
  substituteDim,
  type Bindings,
  type Dim,
  type Shape,
} from '../graph/dim.ts';

/** A shape as the model has it and as it was found. */
export interface Measured {
  readonly name: string;
  readonly expected: Shape;
  readonly found: readonly number[];
}

export interface ShapeBinding {
  readonly bindings: Bindings;
  /** What does not fit, in the order given. */
  readonly clashes: readonly Measured[];
}

export function bindShapes(shapes: readonly Measured[], known: Bindings = new Map()): ShapeBinding {
  const bindings = new Map(known);
  let learned = true;
  while (learned) {
    learned = false;
    for (const { expected, found } of shapes) {
      if (expected.length !== found.length) continue;
      expected.forEach((d, i) => {
        if (bindAxis(d, found[i] ?? 0, bindings)) learned = true;
      });
    }
  }
  const clashes = shapes.filter(({ expected, found }) => !fits(expected, found, bindings));
  return { bindings, clashes };
}

/** The bindings as a substitution for graphs. */
export function asSubstitution(bindings: Bindings): ReadonlyMap<string, Dim> {
  return new Map([...bindings].map(([name, value]) => [name, dim(value)]));
}

/** `[8, n+D]`, with what is known put in. */
export function describeShape(shape: Shape, bindings: Bindings): string {
  const known = asSubstitution(bindings);
  const axes = shape.map((d) => printDim(substituteDim(d, known)));
  return `[${axes.map((text) => (text.includes('?') ? 'any' : text)).join(', ')}]`;
}

function bindAxis(expected: Dim, found: number, bindings: Map<string, number>): boolean {
  const unknown = expected.terms.filter((t) => !bindings.has(t.symbol));
  const [only] = unknown;
  if (unknown.length !== 1 || only === undefined) return false;
  const rest = expected.terms.reduce(
    (sum, t) => sum + t.coefficient * (bindings.get(t.symbol) ?? 0),
    expected.constant,
  );
  const value = (found - rest) / only.coefficient;
  if (!Number.isInteger(value) || value < 0) return false;
  bindings.set(only.symbol, value);
  return true;
}

/** An axis with symbols that nothing binds fits anything that it could still be. */
function fits(expected: Shape, found: readonly number[], bindings: Bindings): boolean {
  if (expected.length !== found.length) return false;
  const known = asSubstitution(bindings);
  return expected.every((d, i) => {
    const rest = substituteDim(d, known);
    const value = fixedValue(rest);
    return value === undefined ? rest.terms.length > 1 : value === found[i];
  });
}
