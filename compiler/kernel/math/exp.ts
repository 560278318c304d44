/**
 * e^x = 2^n e^r with r = x - n ln 2, at most ln 2 / 2 in size. ln 2 is subtracted in two parts, the
 * first of them exactly (Cody and Waite 1980). Infinity from 88.7229 on; below -87.3 results are no
 * normal numbers and may be flushed to 0.
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, binary, int, less, mul, select, sub, unary } from '../build.ts';
import { isNaNumber, settled } from './bits.ts';
import { defineUnary, number, polynomial } from './define.ts';
import { timesPowerOfTwo } from './powers-of-two.ts';

/** ln 2, upper part with 9 digits, and the rest. */
export const ln2 = { upper: number(0.693359375), rest: number(-2.121944417e-4) };

/** (e^r - 1 - r) / r², minimax. */
const coefficients = [0.49999994, 0.166665152, 0.0416680798, 0.0083693685, 0.00138414546];

/** e^r for r within ln 2 / 2 of 0; r has a name. */
export function expNear(r: Expression): Expression {
  return add(add(mul(mul(r, r), polynomial(r, coefficients)), r), number(1));
}

export const exp: KernelFunction = defineUnary('exp', (x, named) => {
  const notAbove = select(less(number(89), x), number(89), x);
  const held = named('held', select(less(x, number(-104)), number(-104), notAbove));
  const whole = unary('floor', add(mul(held, number(Math.LOG2E)), number(0.5)));
  const n = named('n', whole);
  const power = named('power', unary('toInt', n));
  const zero = binary('shiftRight', add(power, int(512)), int(10));
  const upper = settled(sub(held, mul(n, ln2.upper)), zero);
  const r = named('r', sub(upper, mul(n, ln2.rest)));
  return select(isNaNumber(x), x, timesPowerOfTwo(expNear(r), power, named));
});
