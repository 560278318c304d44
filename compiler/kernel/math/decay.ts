/**
 * e^-x for x from 0 on, which is never above 1 and so needs less care than exp: what sigmoid, tanh
 * and softplus are made of. -x = n ln 2 + r as in exp.ts; n is read off the bits of a sum with a
 * number so large that all below 1 is rounded away. 0 where the result would be no normal number.
 */
import type { KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, binary, float, int, less, mul, select, sub, unary } from '../build.ts';
import { fromBits, isNaNumber, settled, toBits } from './bits.ts';
import { defineUnary, number } from './define.ts';
import { expNear, ln2 } from './exp.ts';

/** The largest f32 below 126 ln 2: 2^-126, the smallest normal number, is not yet undercut. */
const last = number(87.33654);

/** 1.5 · 2^23: numbers around it are 1 apart, and its bits count them. */
const large = 12582912;
const largeBits = 0x4b400000;

export const decay: KernelFunction = defineUnary('decay', (x, named) => {
  const gone = named('gone', less(last, x));
  const held = named('held', select(gone, float(0), x));
  const counted = add(mul(held, number(-Math.LOG2E)), float(large));
  const power = named('power', sub(toBits(counted), int(largeBits)));
  const n = named('n', unary('toFloat', power));
  const zero = binary('shiftRight', add(power, int(512)), int(10));
  const upper = settled(sub(unary('neg', held), mul(n, ln2.upper)), zero);
  const r = named('r', sub(upper, mul(n, ln2.rest)));
  const value = fromBits(add(toBits(expNear(r)), binary('shiftLeft', power, int(23))));
  return select(gone, float(0), select(isNaNumber(x), x, value));
});
