/**
 * 1 / (1 + e^-x), as e^x / (1 + e^x) below 0, so that the power is never above 1.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, call, div, less, select, unary } from '../build.ts';
import { defineUnary, number } from './define.ts';

export const sigmoid: KernelFunction = defineUnary('sigmoid', (x, named) => {
  const power = named('power', call('decay', [unary('abs', x)], 'f32'));
  const above = select(less(x, number(0)), power, number(1));
  return div(above, add(power, number(1)));
});
