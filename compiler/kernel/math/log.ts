/**
 * log x = k ln 2 + log(1 + f), where x = 2^k (1 + f) with 1 + f from √½ to √2. -Infinity at 0 of
 * either sign, NaN below.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, equal, int, less, lessEqual, mul, select, sub } from '../build.ts';
import { fromBits, infinityBits, magnitudeBits, nanBits, signBit, toBits } from './bits.ts';
import { defineUnary, number, polynomial } from './define.ts';
import { ln2 } from './exp.ts';
import { split } from './powers-of-two.ts';

/** (log(1 + f) - f + f²/2) / f³, minimax. */
const coefficients = [
  0.333333313, -0.250008255, 0.200012654, -0.166232005, 0.142006785, -0.13160263, 0.127837747,
  -0.0768161267,
];

export const log: KernelFunction = defineUnary('log', (x, named) => {
  const bits = named('bits', toBits(x));
  const { fraction, exponent } = split(bits, named);
  const f = named('f', sub(fraction, number(1)));
  const square = named('square', mul(f, f));
  const cubic = mul(mul(square, f), polynomial(f, coefficients));
  const small = sub(add(cubic, mul(exponent, ln2.rest)), mul(square, number(0.5)));
  const finite = add(add(f, small), mul(exponent, ln2.upper));
  // From the rarest case inwards: 0, below 0, infinity and NaN.
  const above = select(lessEqual(int(infinityBits), bits), bits, toBits(finite));
  const notBelow = select(less(bits, int(0)), int(nanBits), above);
  return fromBits(select(equal(magnitudeBits(x), int(0)), int(signBit + infinityBits), notBelow));
});
