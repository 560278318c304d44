/**
 * Sine and cosine: x = n π/2 + r with |r| <= π/4, then a polynomial and a sign by n mod 4. π/2 is
 * subtracted in four parts, the first three of 11 digits and so exact (Cody and Waite 1980), for
 * |x| up to 12,867 (n below 2^13). Beyond that digits are lost, up to all of them; the result stays
 * within [-1, 1].
 */
import type { Expression, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { add, binary, equal, int, less, mul, select, sub, unary } from '../build.ts';
import { fromBits, infinityBits, magnitudeBits, nanBits, settled, toBits } from './bits.ts';
import { defineUnary, number, polynomial, type Named } from './define.ts';

/** Up to this digits are kept. */
export const largestAngle = 12_867;

/** Above what rounding and the last part make of an angle that is reduced exactly, some 2^-23. */
const largestExcess = number(2 ** -20);

const halfPi = [
  number(1.5703125),
  number(4.837512969970703e-4),
  number(7.549533620476723e-8),
  number(2.5633440682570896e-12),
] as const;

/** (sin r - r) / r³ by r², minimax. */
const ofSine = [-0.166666552, 0.00833218731, -0.000195178975];
/** (cos r - 1 + r²/2) / r⁴ by r², minimax. */
const ofCosine = [0.0416666456, -0.00138873095, 2.44323273e-5];

export const sin: KernelFunction = defineUnary('sin', (x, named) => turned(x, 0, named));
export const cos: KernelFunction = defineUnary('cos', (x, named) => turned(x, 1, named));

/** The sine of x and so many quarters of a turn. */
function turned(x: Expression, quarters: number, named: Named): Expression {
  const place = named('place', add(mul(x, number(2 / Math.PI)), number(0.5)));
  const n = named('n', unary('floor', place));
  const { r, excess } = reduced(x, n, named('zero', unary('toInt', sub(place, n))), named);
  const square = named('square', mul(r, r));
  const cubic = mul(mul(r, square), polynomial(square, ofSine));
  // In this order -0 stays what it is.
  const sine = sub(r, sub(excess, cubic));
  const quartic = mul(mul(square, square), polynomial(square, ofCosine));
  const curve = sub(add(quartic, mul(excess, r)), mul(square, number(0.5)));
  const cosine = add(curve, number(1));
  const turns = named('turns', add(unary('toInt', n), int(quarters)));
  const even = equal(binary('bitAnd', turns, int(1)), int(0));
  const sign = binary('shiftLeft', binary('bitAnd', turns, int(2)), int(30));
  const bits = binary('bitXor', toBits(select(even, sine, cosine)), sign);
  return fromBits(select(less(magnitudeBits(x), int(infinityBits)), bits, int(nanBits)));
}

/**
 * x - n π/2 as r - excess: what rounding adds to r, and what the last part takes from it, is below
 * one of its digits, and is only used where it is added to something smaller than r.
 */
function reduced(
  x: Expression,
  n: Expression,
  zero: Expression,
  named: Named,
): { readonly r: Expression; readonly excess: Expression } {
  const [first, second, third, fourth] = halfPi;
  const once = settled(sub(x, mul(n, first)), zero);
  const twice = named('twice', settled(sub(once, mul(n, second)), zero));
  const part = named('part', mul(n, third));
  const rest = named('rest', settled(sub(twice, part), zero));
  const rounded = settled(sub(settled(sub(twice, rest), zero), part), zero);
  const excess = named('excess', sub(mul(n, fourth), rounded));
  const near = named('near', less(unary('abs', rest), number(1)));
  // Of a far angle it is any number at all, which would leave [-1, 1].
  const isSmall = less(unary('abs', excess), largestExcess);
  return {
    r: named('r', select(near, rest, number(1))),
    excess: named('held', select(isSmall, excess, number(0))),
  };
}
