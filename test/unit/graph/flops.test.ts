/** Counts of operations and numbers, with open widths and without. */
import { describe, expect, it } from 'vitest';
import { dim, fixed, symbol } from '../../../compiler/graph/dim.ts';
import { countFlops } from '../../../compiler/graph/flops.ts';
import {
  bindPolynomial,
  elementCount,
  jsonCount,
  plus,
  polynomial,
  polynomialValue,
  printPolynomial,
  times,
} from '../../../compiler/graph/polynomial.ts';
import { readGraph } from '../../../compiler/graph/read.ts';
import { modelOf } from '../adopt/models.ts';

describe('polynomials', () => {
  const d = elementCount([symbol('D')]);

  it('are kept in one form', () => {
    const left = times(plus(d, polynomial(2)), plus(d, polynomial(-2)));
    expect(printPolynomial(left)).toBe('D*D - 4');
    expect(printPolynomial(plus(left, polynomial(4)))).toBe('D*D');
    expect(printPolynomial(polynomial(0))).toBe('0');
  });

  it('count what a shape holds', () => {
    const shape = [fixed(512), dim('D')];
    expect(printPolynomial(plus(elementCount(shape), polynomial(65536)))).toBe('512*D + 65,536');
    expect(jsonCount(elementCount(shape))).toBe('512*D');
    expect(jsonCount(elementCount([fixed(3), fixed(4)]))).toBe(12);
    expect(polynomialValue(elementCount([]))).toBe(1);
  });

  it('take numbers for symbols', () => {
    const square = times(d, times(d, elementCount([symbol('B')])));
    expect(printPolynomial(bindPolynomial(square, new Map([['D', 3]])))).toBe('9*B');
  });
});

describe('countFlops', () => {
  it('counts 2MNK for a product and one an element for the rest', () => {
    const graph = readGraph(
      [
        'graph g(%0 x: float[B, D] input, %1 W: float[5, D] weight) -> (y: %4) {',
        '  %2: float[B, 5] = dot(%0, %1) {batchLeft=[], batchRight=[], contractLeft=[1], contractRight=[1]}',
        '  %3: float[B, 5] = tanh(%2)',
        '  %4: float[5, B] = transpose(%3) {permutation=[1, 0]}',
        '}',
        '',
      ].join('\n'),
    );
    expect(printPolynomial(countFlops(graph))).toBe('10*B*D + 5*B');
  });

  it('takes the body of a scan once a time step', () => {
    const model = modelOf('rnn(5)');
    // The products of input and state, the bias, tanh.
    expect(printPolynomial(countFlops(model.graph))).toBe('10*B*D*T + 60*B*T');
  });
});
