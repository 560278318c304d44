/**
 * Blocks of neighbouring numbers whose rounded values are known from the two ends alone, since the
 * function is monotone between them. Of all f32, four fifths are so small or so large that a
 * function is 0, 1, infinite or its own argument there.
 */
import { exactValues, type Subject } from './subjects.ts';
import { isWithin, type Words } from './tally.ts';

export type WholeBlock =
  /** All rounded values have these bits. */
  | { readonly kind: 'constant'; readonly bits: number }
  /** All rounded values are the numbers themselves. */
  | { readonly kind: 'identity' }
  /** All numbers are where the formula is not meant to hold. */
  | { readonly kind: 'beyond' };

const ends = new Float32Array(2);
const roundedEnds = new Float32Array(2);
const endBits = new Int32Array(ends.buffer);
const roundedBits = new Int32Array(roundedEnds.buffer);

/** Undefined where each number has to be looked at; `numbers` ascend in their bits. */
export function wholeBlock(subject: Subject, numbers: Words): WholeBlock | undefined {
  const { shape, domain } = subject;
  if (shape === undefined) return undefined;
  ends[0] = numbers[0] ?? NaN;
  ends[1] = numbers[numbers.length - 1] ?? NaN;
  const [first = NaN, last = NaN] = ends;
  const isOneSign = ((endBits[0] ?? 0) ^ (endBits[1] ?? 0)) >= 0;
  if (!isOneSign) return undefined;
  if (!isWithin(first, domain) && !isWithin(last, domain)) return { kind: 'beyond' };
  if (shape.monotoneUpTo < Math.max(Math.abs(first), Math.abs(last))) return undefined;
  const exact = exactValues(subject, [ends]);
  roundedEnds.set(exact);
  const bits = roundedBits[0] ?? 0;
  if (bits === roundedBits[1]) return { kind: 'constant', bits };
  const isIdentity = (x: number, y: number): boolean => Math.abs(y - x) <= 2 ** -26 * Math.abs(x);
  return shape.nearIdentity &&
    isIdentity(first, exact[0] ?? NaN) &&
    isIdentity(last, exact[1] ?? NaN)
    ? { kind: 'identity' }
    : undefined;
}

/** Whether all results are as they are known to be; if not, they have to be looked at. */
export function isAsKnown(
  known: WholeBlock,
  numbers: Words,
  found: Words,
  { domain }: Subject,
): boolean {
  const [bits, wanted] = [bitsOf(found), bitsOf(numbers)];
  switch (known.kind) {
    case 'constant':
      for (let i = 0; i < bits.length; i++) if (bits[i] !== known.bits) return false;
      return true;
    case 'identity':
      for (let i = 0; i < bits.length; i++) if (bits[i] !== wanted[i]) return false;
      return true;
    case 'beyond':
      if (domain?.bounded !== true) return true;
      for (let i = 0; i < found.length; i++) if (!(Math.abs(found[i] ?? NaN) <= 1)) return false;
      return true;
  }
  known satisfies never;
}

function bitsOf(words: Words): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length);
}
