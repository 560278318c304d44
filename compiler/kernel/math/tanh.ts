/**
 * tanh x = x + x³ P(x²) below 0.625, else 1 - 2 / (e^2|x| + 1) with the sign of x, which is ±1 from
 * 9.02 on.
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
  const held = select(less(number(10), size), number(10), size);
  const power = call('exp', [add(held, held)], 'f32');
  const far = sub(number(1), div(number(2), add(power, number(1))));
  return select(less(size, number(0.625)), near, withSignOf(x, far));
});
