/**
 * The numbers at which a subject is measured, in blocks: every so-many-th of all 2^32 words, or
 * pairs that are drawn by a seed, with all pairs of special numbers in front.
 */
import { drawer } from '../../compiler/verify/arrays.ts';
import { required } from '../support/op-runs.ts';
import type { Subject } from './subjects.ts';
import type { Words } from './tally.ts';

export interface Inputs {
  readonly blocks: number;
  readonly length: number;
  /** Writes the operands of a block. The last block begins anew where there are no more. */
  fill(block: number, operands: readonly Words[]): void;
}

const allWords = 2 ** 32;

/** Word k is k · stride: with 1 all there are. */
export function everyWord(stride: number, length: number): Inputs {
  const count = Math.ceil(allWords / stride);
  const size = Math.min(length, count);
  return {
    blocks: Math.ceil(count / size),
    length: size,
    fill(block, operands) {
      const bits = wordsOf(required(operands[0]));
      let word = block * size * stride;
      for (let i = 0; i < size; i++, word += stride) bits[i] = word;
    },
  };
}

/** Pairs in all ways in which an op of two numbers may fail. */
export function drawnPairs(blocks: number, length: number): Inputs {
  return {
    blocks,
    length,
    fill(block, operands) {
      const [x, y] = [required(operands[0]), required(operands[1])];
      const draw = drawer(1000 + block);
      for (let i = 0; i < length; i++) {
        const way = required(ways[i % ways.length]);
        way(draw, x, y, i);
      }
      if (block === 0) putSpecials(x, y);
    },
  };
}

export function newOperands({ arity, takes }: Subject, length: number): readonly Words[] {
  return Array.from({ length: arity }, () =>
    takes === 'float' ? new Float32Array(length) : new Int32Array(length),
  );
}

type Way = (draw: () => number, x: Words, y: Words, at: number) => void;

const ways: readonly Way[] = [
  // Any bits at all.
  (draw, x, y, at) => {
    wordsOf(x)[at] = draw() * allWords;
    wordsOf(y)[at] = draw() * allWords;
  },
  // Within a few powers of two of each other, where sums lose digits.
  (draw, x, y, at) => {
    x[at] = sized(draw, (draw() - 0.5) * 250);
    y[at] = sized(draw, Math.log2(Math.abs(x[at])) + (draw() - 0.5) * 8);
  },
  // As they occur in models.
  (draw, x, y, at) => {
    x[at] = (draw() - 0.5) * 8;
    y[at] = (draw() - 0.5) * 8;
  },
  // Products and quotients about the ends of the range.
  (draw, x, y, at) => {
    const [exponent, end] = [(draw() - 0.5) * 250, draw() < 0.5 ? 127.5 : -137];
    const other = end + (draw() - 0.5) * 26 - exponent;
    x[at] = sized(draw, exponent);
    y[at] = sized(draw, draw() < 0.5 ? other : -other);
  },
  // Powers that are neither plainly 0 nor infinite, of bases anywhere and about 1.
  (draw, x, y, at) => {
    const near = draw() < 0.5;
    x[at] = near ? 1 + (draw() - 0.5) * 2 ** (-23 * draw()) : 2 ** (draw() * 276 - 149);
    y[at] = (draw() * 290 - 155) / Math.log2(x[at]);
  },
];

/** A number of either sign of about this size. */
function sized(draw: () => number, exponent: number): number {
  const size = 2 ** exponent * (1 + draw());
  return draw() < 0.5 ? size : -size;
}

const least = 2 ** -149;
const positive = [
  ...[0, least, 3 * least, 2 ** -127, 2 ** -126, 1e-30, 0.1, 0.5, 1 - 2 ** -24, 1, 1 + 2 ** -23],
  ...[1.5, 2, 3, 7, 10, 127, 128, 149, 12867, 2 ** 23 - 0.5, 2 ** 24, 2 ** 24 - 1, 2 ** 31, 1e30],
  ...[2 ** 127, 2 ** 128 - 2 ** 104, Infinity],
];

function putSpecials(x: Words, y: Words): void {
  const specials = [...positive.flatMap((value) => [value, -value]), NaN];
  let at = 0;
  for (const a of specials) {
    for (const b of specials) {
      if (at >= x.length) return;
      x[at] = a;
      y[at++] = b;
    }
  }
}

function wordsOf(words: Words): Uint32Array {
  return new Uint32Array(words.buffer, words.byteOffset, words.length);
}
