/**
 * Floats taken apart into a fraction and a power of two, and put together again, by whole-number
 * arithmetic on their bits. No step needs numbers below the normal ones, which hardware may flush
 * to 0.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { add, binary, int, less, min, mul, select, sub, unary } from '../build.ts';
import { fromBits, infinityBits, toBits } from './bits.ts';
import { number, type Named } from './define.ts';

/** The bits of 1, and of the square root of 1/2. */
const oneBits = 0x3f800000;
const rootHalfBits = 0x3f3504f3;
const fractionMask = 0x007fffff;
const leastNormal = 0x00800000;

export interface Split {
  /** From √½ to √2. */
  readonly fraction: Expression;
  /** Whole, f32. */
  readonly exponent: Expression;
}

/**
 * fraction · 2^exponent is the number with these bits, which is to be finite and above 0; of others
 * the parts are finite and mean nothing. Below the normal numbers, the bits themselves count units
 * of 2^-149.
 */
export function split(bits: Expression, named: Named): Split {
  const small = named('small', less(bits, int(leastNormal)));
  const normal = select(small, toBits(unary('toFloat', bits)), bits);
  const unit = select(small, int(-149), int(0));
  // The exponent goes up by one where the fraction is above √2.
  const raised = named('raised', add(normal, int(oneBits - rootHalfBits)));
  const exponent = add(sub(binary('shiftRight', raised, int(23)), int(127)), unit);
  const fractionBits = add(binary('bitAnd', raised, int(fractionMask)), int(rootHalfBits));
  return {
    fraction: named('fraction', fromBits(fractionBits)),
    exponent: named('exponent', unary('toFloat', exponent)),
  };
}

/**
 * p · 2^n for p in [½, 2) and whole n, i32, from -152 to 128, infinity where that is too large.
 * Small results are made 2^64 times too large and then scaled, to be rounded once.
 */
export function timesPowerOfTwo(p: Expression, n: Expression, named: Named): Expression {
  const tiny = named('tiny', less(n, int(-100)));
  const held = add(n, select(tiny, int(64), int(0)));
  const bits = add(toBits(p), binary('shiftLeft', held, int(23)));
  const scaled = named('scaled', fromBits(min(bits, int(infinityBits))));
  return select(tiny, mul(scaled, number(2 ** -64)), scaled);
}
