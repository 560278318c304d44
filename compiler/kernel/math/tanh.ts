/**
 * tanh x = x + x³ P(x²) below 0.625, else 1 - 2p / (1 + p) with p = e^-2|x| and the sign of x,
 * which is ±1 from 9.02 on.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, call, div, less, mul, select, sub, unary } from '../build.ts';
import { withSignOf } from './bits.ts';
import { defineUnary, number, polynomial } from './define.ts';

/** (tanh x - x) / x³ by x², minimax. */
const coefficients = [-0.333332807, 0.133314058, -0.0537365153, 0.0206282176, -0.00569244195];

export const tanh: KernelFunction = defineUnary('tanh', (x, named) => {
  const size = named('size', unary('abs', x));
  const square = named('square', mul(x, x));
  const near = add(x, mul(mul(x, square), polynomial(square, coefficients)));
  const power = named('power', call('decay', [add(size, size)], 'f32'));
  const far = sub(number(1), div(add(power, power), add(number(1), power)));
  return select(less(size, number(0.625)), near, withSignOf(x, far));
});
