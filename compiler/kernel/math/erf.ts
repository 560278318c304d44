/**
 * The error function: x + x P(x²) below 0.921875, else 1 - e^-Q(|x|) with the sign of x, where Q is
 * -log(1 - erf). ±1 from 3.92 on. Where hardware flushes, x P(x²) is lost below 10^-37.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, call, less, mul, select, sub, unary } from '../build.ts';
import { withSignOf } from './bits.ts';
import { defineUnary, number, polynomial } from './define.ts';

/** (erf x - x) / x by x², minimax up to 0.93. */
const ofNear = [
  0.128379166, -0.376126289, 0.112836257, -0.0268557314, 0.00519240508, -0.000804976968,
  7.99664995e-5,
];
/** -log(1 - erf x) by x, minimax from 0.915 to 4 in the error of erf. */
const ofFar = [
  0.000188119287, 1.12770689, 0.637129545, 0.103977911, -0.0222492795, 0.00304883672,
  -0.000196511333,
];

export const erf: KernelFunction = defineUnary('erf', (x, named) => {
  const size = named('size', unary('abs', x));
  const square = named('square', mul(x, x));
  const near = add(x, mul(x, polynomial(square, ofNear)));
  const held = named('held', select(less(number(4), size), number(4), size));
  const complement = call('exp', [unary('neg', polynomial(held, ofFar))], 'f32');
  const far = withSignOf(x, sub(number(1), complement));
  return select(less(size, number(0.921875)), near, far);
});
