/**
 * The same elements in row-major order under another shape. With y = reshape(x): dx is dy under the
 * shape of x.
 */
import * as build from '../graph/build.ts';
import { evaluateShape, sameDim, type Shape } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import type { Op } from './op.ts';
import { need, one, shapeAttribute } from './operands.ts';

export const reshape: Op = {
  name: 'reshape',
  doc: 'x any; shape: the same elements in row-major order',
  infer(operands, attributes) {
    const x = one('reshape', operands);
    const shape = shapeAttribute('reshape', attributes, 'shape');
    need('reshape', sameCount(x.shape, shape), 'the number of elements changes');
    return [tensor(x.dtype, shape)];
  },
  evaluate(operands, attributes, { bindings }) {
    const { dtype, data } = one('reshape', operands);
    const shape = evaluateShape(shapeAttribute('reshape', attributes, 'shape'), bindings);
    return [{ dtype, shape, data }];
  },
  vjp({ builder, operands, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    return [build.reshape(builder, cotangent, one('reshape', operands).type.shape)];
  },
  stack({ builder, operands, attributes, time }) {
    const x = one('reshape', operands);
    const [batch, ...rest] = shapeAttribute('reshape', attributes, 'shape');
    const [before] = x.type.shape;
    const kept = batch !== undefined && before !== undefined && sameDim(batch, before);
    need('reshape', kept, 'the batch axis changes');
    return [build.reshape(builder, x, [batch, time, ...rest])];
  },
};

/** Whether two shapes multiply out to the same polynomial in their symbols. */
export function sameCount(left: Shape, right: Shape): boolean {
  const leftTerms = multiplyOut(left);
  const rightTerms = multiplyOut(right);
  if (leftTerms.size !== rightTerms.size) return false;
  return [...leftTerms].every(([monomial, factor]) => rightTerms.get(monomial) === factor);
}

/** Coefficients by monomial, a monomial being its symbols, sorted and joined by `*`. */
function multiplyOut(shape: Shape): Map<string, number> {
  let product = new Map([['', 1]]);
  for (const dim of shape) {
    const next = new Map<string, number>();
    const addTerm = (monomial: string, factor: number): void => {
      next.set(monomial, (next.get(monomial) ?? 0) + factor);
    };
    for (const [monomial, factor] of product) {
      if (dim.constant !== 0) addTerm(monomial, factor * dim.constant);
      for (const { symbol, coefficient } of dim.terms) {
        const symbols = monomial === '' ? [symbol] : [...monomial.split('*'), symbol].sort();
        addTerm(symbols.join('*'), factor * coefficient);
      }
    }
    product = next;
  }
  return new Map([...product].filter(([, factor]) => factor !== 0));
}
