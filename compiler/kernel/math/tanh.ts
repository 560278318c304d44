/**
 * tanh x = x + x³ P(x²) below 0.7, else 1 - 2p / (1 + p) with p = e^-2|x|, which is 1 from 9.02 on;
 * both with the sign of x. Below 0.7 a unit in the last place of p would be too much of one of the
 * result.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, call, div, less, mul, select, sub, unary } from '../build.ts';
import { withSignOf } from './bits.ts';
import { defineUnary, number, polynomial } from './define.ts';

/** (tanh x - x) / x³ by x², minimax up to 0.7 in the relative error of tanh. */
const coefficients = [-0.333331913, 0.13329111, -0.05355886, 0.0200919695, -0.00513866218];

export const tanh: KernelFunction = defineUnary('tanh', (x, named) => {
  const size = named('size', unary('abs', x));
  const square = named('square', mul(x, x));
  const near = add(x, mul(mul(x, square), polynomial(square, coefficients)));
  const power = named('power', call('decay', [add(size, size)], 'f32'));
  const far = sub(number(1), div(add(power, power), add(number(1), power)));
  // The sum that is `near` makes 0 of -0.
  return withSignOf(x, select(less(size, number(0.7)), near, far));
});
