/**
 * log(1 + e^x) = max(x, 0) + log(1 + p) with p = e^-|x|, and log(1 + p) = p + p² Q(p) for p in
 * [0, 1]: the small end keeps its digits.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, call, less, mul, select, unary } from '../build.ts';
import { defineUnary, number, polynomial } from './define.ts';

/** (log(1 + p) - p) / p², minimax. */
const coefficients = [
  -0.499999315, 0.333304644, -0.24958019, 0.196921021, -0.153448805, 0.106611282, -0.057457231,
  0.0200862419, -0.00329046859,
];

export const softplus: KernelFunction = defineUnary('softplus', (x, named) => {
  const p = named('p', call('decay', [unary('abs', x)], 'f32'));
  const largest = select(less(number(0), x), x, number(0));
  // p is added last: where x is near 0, the sum of the others is small and rounds by little.
  return add(add(mul(mul(p, p), polynomial(p, coefficients)), largest), p);
});
