/**
 * The larger and the smaller of two f32 as Math.max and Math.min have them: NaN if one is NaN, and
 * -0 below 0. Under the bits of -1, -2, … the order of numbers is that of their ranks.
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { binary, int, less, select } from '../build.ts';
import { isNaNumber, toBits } from './bits.ts';
import { defineBinary, type Named } from './define.ts';

export const maximum: KernelFunction = defineBinary('maximum', (x, y, named) => {
  const yIsLarger = less(rankOf(x, 'x', named), rankOf(y, 'y', named));
  return unlessNaN(x, y, select(yIsLarger, y, x));
});

export const minimum: KernelFunction = defineBinary('minimum', (x, y, named) => {
  const yIsSmaller = less(rankOf(y, 'y', named), rankOf(x, 'x', named));
  return unlessNaN(x, y, select(yIsSmaller, y, x));
});

function unlessNaN(x: Expression, y: Expression, chosen: Expression): Expression {
  return select(isNaNumber(x), x, select(isNaNumber(y), y, chosen));
}

/**
 * A whole number in the order of the floats. Bits are in that order from 0 up; below 0 a larger
 * magnitude has larger bits, so all but the sign are turned over.
 */
function rankOf(x: Expression, name: string, named: Named): Expression {
  const bits = named(`${name}Bits`, toBits(x));
  const turned = binary('bitXor', bits, int(0x7fffffff));
  return named(`${name}Rank`, select(less(bits, int(0)), turned, bits));
}
