/** Dimensions and counts of a graph as whole-number expressions of kernels. */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { Dim, Shape } from '../graph/dim.ts';
import type { Polynomial } from '../graph/polynomial.ts';
import * as k from '../kernel/build.ts';

export function dimSize(dim: Dim): Expression {
  const terms = dim.terms.map((t) => k.mul(k.int(t.coefficient), k.size(t.symbol)));
  const sum = terms.reduce<Expression | undefined>((s, t) => (s ? k.add(s, t) : t), undefined);
  if (sum === undefined) return k.int(dim.constant);
  return k.add(sum, k.int(dim.constant));
}

export function shapeSize(shape: Shape): Expression {
  return shape.map(dimSize).reduce((product, d) => k.mul(product, d), k.int(1));
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): Expression[] {
  return shape.map((_, axis) => shapeSize(shape.slice(axis + 1)));
}

export function polynomialSize(value: Polynomial): Expression {
  return value.terms
    .map((t) => t.symbols.reduce<Expression>((p, s) => k.mul(p, k.size(s)), k.int(t.coefficient)))
    .reduce((sum, t) => k.add(sum, t), k.int(0));
}

/** The indices of a flat row-major position. */
export function unflatten(flat: Expression, shape: Shape): Expression[] {
  const index: Expression[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const size = dimSize(shape[axis] ?? { constant: 1, terms: [] });
    index.unshift(k.mod(rest, size));
    rest = k.div(rest, size);
  }
  if (shape.length > 0) index.unshift(rest);
  return index;
}
