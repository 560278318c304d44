/**
 * x^y as Math.pow has it: the size is 2^(y log2 |x|), in parts that keep its digits (pow-parts.ts);
 * then the sign and the special cases are chosen by bits.
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { and, binary, equal, int, less, lessEqual, or, select, unary } from '../build.ts';
import { fromBits, infinityBits, magnitudeBits, nanBits, signBit, toBits } from './bits.ts';
import { defineBinary, number, type Named } from './define.ts';
import { logarithm2, power2, timesExponent } from './pow-parts.ts';

const oneBits = 0x3f800000;
/** Of 2^24: from here on every f32 is an even whole number. */
const evenBits = 0x4b800000;
/** A larger one gives 0 or infinity, as this one does, unless x is ±1. */
const largestExponent = 2 ** 31;

export const pow: KernelFunction = defineBinary('pow', (x, y, named) => {
  const xSize = named('xSize', magnitudeBits(x));
  const ySize = named('ySize', magnitudeBits(y));
  const product = timesExponent(logarithm2(xSize, named), held(y), named);
  const ordinary = toBits(power2(product, named));
  const size = select(isEnd(xSize), endOf(xSize, y), ordinary);
  const { whole, odd } = parityOf(y, ySize, named);
  const belowZero = named('belowZero', less(toBits(x), int(0)));
  const signed = select(and(belowZero, odd), binary('bitOr', size, int(signBit)), size);
  const root = and(and(belowZero, unary('not', whole)), unary('not', isEnd(xSize)));
  // Unlike C, where 1 to any power is 1.
  const oneForEver = and(equal(xSize, int(oneBits)), equal(ySize, int(infinityBits)));
  const noNumber = or(less(int(infinityBits), xSize), less(int(infinityBits), ySize));
  const bits = select(or(or(root, oneForEver), noNumber), int(nanBits), signed);
  return fromBits(select(equal(ySize, int(0)), int(oneBits), bits));
});

function held(y: Expression): Expression {
  const notAbove = select(less(number(largestExponent), y), number(largestExponent), y);
  return select(less(y, number(-largestExponent)), number(-largestExponent), notAbove);
}

/** Whether |x|, whose bits these are, is 0 or infinite. */
function isEnd(xSize: Expression): Expression {
  return or(equal(xSize, int(0)), equal(xSize, int(infinityBits)));
}

/** The bits of |x|^y for such an x and y other than 0. */
function endOf(xSize: Expression, y: Expression): Expression {
  const down = less(toBits(y), int(0));
  const whenZero = select(down, int(infinityBits), int(0));
  return select(equal(xSize, int(0)), whenZero, select(down, int(0), int(infinityBits)));
}

/** Of an exponent other than 0: infinity counts as whole and even. */
function parityOf(
  y: Expression,
  ySize: Expression,
  named: Named,
): { readonly whole: Expression; readonly odd: Expression } {
  const large = named('large', lessEqual(int(evenBits), ySize));
  const truncated = named('truncated', unary('toInt', y));
  const whole = named('whole', or(large, equal(toBits(unary('toFloat', truncated)), toBits(y))));
  const lastDigit = equal(binary('bitAnd', truncated, int(1)), int(1));
  return { whole, odd: and(and(whole, lastDigit), unary('not', large)) };
}
