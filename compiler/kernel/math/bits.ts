/**
 * An f32 seen as its 32 bits. A compiler of shaders may take it that there is no NaN and no
 * infinity, fold `x != x` to false and reorder sums; of whole numbers it assumes nothing. So
 * whatever must hold to the letter is asked and chosen of bits.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { add, binary, int, less, notEqual, unary } from '../build.ts';

/** The bits of infinity; those of any NaN without its sign are larger. */
export const infinityBits = 0x7f800000;
/** A NaN like that which hardware makes. */
export const nanBits = 0x7fc00000;
export const signBit = -0x80000000;

export function toBits(x: Expression): Expression {
  return unary('toBits', x);
}

export function fromBits(bits: Expression): Expression {
  return unary('fromBits', bits);
}

/** The bits of |x|. */
export function magnitudeBits(x: Expression): Expression {
  return binary('bitAnd', toBits(x), int(0x7fffffff));
}

/** The bits of 0 or -0, whichever has the sign of x. */
export function signBits(x: Expression): Expression {
  return binary('bitAnd', toBits(x), int(signBit));
}

export function isNaNumber(x: Expression): Expression {
  return less(int(infinityBits), magnitudeBits(x));
}

/** Whether x is neither 0 nor -0, however small it is. */
export function isNotZero(x: Expression): Expression {
  return notEqual(magnitudeBits(x), int(0));
}

/** |magnitude| with the sign of x. */
export function withSignOf(x: Expression, magnitude: Expression): Expression {
  return fromBits(binary('bitOr', toBits(magnitude), signBits(x)));
}

/** The upper 12 of the 24 digits of x: products of two such are exact. */
export function upperHalf(x: Expression): Expression {
  return fromBits(binary('bitAnd', toBits(x), int(-0x1000)));
}

/**
 * x, as far as a compiler can tell a number that has nothing to do with how x was computed, so that
 * it can neither merge nor reorder sums across it. `zero` is a whole number that is always 0, which
 * only we know.
 */
export function settled(x: Expression, zero: Expression): Expression {
  return fromBits(add(toBits(x), zero));
}
