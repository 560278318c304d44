/**
 * log2 x and its product with y, each as a pair of floats: an upper part of 12 digits, products of
 * which are exact, and the rest. After fdlibm's e_powf.c (Sun Microsystems 1993). The parts are cut
 * by bits and differences of parts are settled, so that a compiler may fuse and reorder at will: a
 * fused product of exact products is the same, and no rounded sum can be undone.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { add, div, less, mul, or, select, sub, unary } from '../build.ts';
import { settled, upperHalf } from './bits.ts';
import { number, polynomial, type Named } from './define.ts';
import { split, timesPowerOfTwo } from './powers-of-two.ts';

export interface Pair {
  readonly upper: Expression;
  readonly rest: Expression;
  /** A whole number that is 0, unknown to a compiler. */
  readonly zero: Expression;
}

/** 2 / (3 ln 2). */
const scale = {
  upper: number(0.961669921875),
  rest: number(1.2677205086e-4),
  whole: number(0.9617966939),
};

/** (3 atanh s / s - 3 - s²) / s⁴ by s², minimax. */
const coefficients = [0.599999964, 0.428579599, 0.332694232, 0.293391943];

/** (2^f - 1) / f, minimax. */
const ofPower = [0.693147242, 0.240226552, 0.05550275, 0.00961704087, 0.00134168286, 0.00015827133];

/**
 * log2 of the number with these bits: with x = 2^k m, k + 2/(3 ln 2) s (3 + s² + …) and s = (m - 1)
 * / (m + 1).
 */
export function logarithm2(bits: Expression, named: Named): Pair {
  const { fraction: m, exponent } = split(bits, named);
  const zero = named('zero', unary('toInt', mul(m, number(0.25))));
  const { s, upper, rest } = quotient(m, zero, named);
  const square = named('square', mul(s, s));
  const tail = mul(mul(square, square), polynomial(square, coefficients));
  const more = named('more', add(tail, mul(rest, add(upper, s))));
  const upperSquare = named('upperSquare', mul(upper, upper));
  const series = named('series', upperHalf(add(add(number(3), upperSquare), more)));
  const fromThree = settled(sub(series, number(3)), zero);
  const seriesRest = named('seriesRest', sub(more, settled(sub(fromThree, upperSquare), zero)));
  const first = named('first', mul(upper, series));
  const second = named('second', add(mul(rest, series), mul(seriesRest, s)));
  const p = named('p', upperHalf(add(first, second)));
  const pRest = named('pRest', sub(second, settled(sub(p, first), zero)));
  const scaled = named('scaledUpper', mul(scale.upper, p));
  const scaledRest = named('scaledRest', add(mul(scale.rest, p), mul(pRest, scale.whole)));
  const sum = named('sum', upperHalf(add(add(scaled, scaledRest), exponent)));
  const fraction = settled(sub(sum, exponent), zero);
  return { upper: sum, rest: sub(scaledRest, settled(sub(fraction, scaled), zero)), zero };
}

/** (m - 1) / (m + 1): rounded, its upper half, and what the upper half lacks. */
function quotient(
  m: Expression,
  zero: Expression,
  named: Named,
): { readonly s: Expression; readonly upper: Expression; readonly rest: Expression } {
  const above = named('above', sub(m, number(1)));
  const inverse = named('inverse', div(number(1), add(m, number(1))));
  const s = named('s', mul(above, inverse));
  const upper = named('sUpper', upperHalf(s));
  const below = named('below', upperHalf(add(m, number(1))));
  const belowRest = sub(m, settled(sub(below, number(1)), zero));
  const left = settled(sub(above, mul(upper, below)), zero);
  return { s, upper, rest: named('sRest', mul(inverse, sub(left, mul(upper, belowRest)))) };
}

/** y times a pair, held between -152 and 128.5. */
export function timesExponent({ upper, rest, zero }: Pair, y: Expression, named: Named): Pair {
  const held = named('held', y);
  const logUpper = named('logUpper', upper);
  const yUpper = named('yUpper', upperHalf(held));
  const product = named('product', mul(yUpper, logUpper));
  const more = add(mul(sub(held, yUpper), logUpper), mul(held, named('logRest', rest)));
  const low = named('low', less(product, number(-152)));
  const high = named('high', less(number(128.5), product));
  const bounded = select(low, number(-152), select(high, number(128.5), product));
  return {
    upper: named('upper', bounded),
    rest: named('rest', select(or(low, high), number(0), more)),
    zero,
  };
}

/** 2 to the power of a pair. */
export function power2({ upper, rest, zero }: Pair, named: Named): Expression {
  const n = named('n', unary('floor', add(add(upper, rest), number(0.5))));
  const f = named('f', add(settled(sub(upper, n), zero), rest));
  const p = named('power', add(mul(f, polynomial(f, ofPower)), number(1)));
  return timesPowerOfTwo(p, unary('toInt', n), named);
}
