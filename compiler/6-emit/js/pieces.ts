/**
 * A piece of an expression as text. JavaScript computes in f64, so that what a text gives may have
 * to be rounded to an f32, or cut to 32 bits, before it is the value that the kernel means. That is
 * put off as long as nobody can tell: an array of 32 bits rounds what is stored in it, and a sum of
 * whole numbers is exact in f64 and may be cut at its end.
 */
import { enclosed, level, type Level } from './levels.ts';

export interface Piece {
  readonly text: string;
  readonly binds: Level;
  /**
   * Whether it gives the very value. If not, an f32 is still to be rounded, once; a whole number is
   * equal to the value modulo 2^32, but may be -0 or, where the kernel IR lets anything come out, a
   * NaN.
   */
  readonly settled: boolean;
  /** Of a whole number: no further from 0 than this. */
  readonly bound: number;
}

/** No i32 is further from 0. */
const farthest = 2 ** 31;
/** Whole numbers up to here are exact in f64, sums of two of them too. */
const exact = 2 ** 52;

export function settled(text: string, binds: Level = level.primary, bound = farthest): Piece {
  return { text, binds, settled: true, bound };
}

export function unsettled(text: string, binds: Level, bound = farthest): Piece {
  return { text, binds, settled: false, bound };
}

/** Rounded to the nearest f32. */
export function rounded(piece: Piece): Piece {
  return piece.settled ? piece : settled(`R(${piece.text})`);
}

/** The low 32 bits. */
export function cut(piece: Piece): Piece {
  return piece.settled ? piece : settled(`${textAt(piece, level.bitOr)} | 0`, level.bitOr);
}

/** As an operand of what binds that tightly. */
export function textAt({ text, binds }: Piece, asked: Level): string {
  return enclosed(text, binds, asked);
}

/** A sum or a difference, in which a number that was not cut is as good as one that was. */
export function sumOf(x: Piece, sign: '+' | '-', y: Piece): Piece {
  if (y.text === '0') return x;
  if (x.text === '0' && sign === '+') return y;
  if (x.bound + y.bound > exact) return sumOf(cut(x), sign, cut(y));
  const bound = x.bound + y.bound;
  const [left, right] = [textAt(x, level.sum), textAt(y, sign === '+' ? level.sum : level.product)];
  const isSettled = x.settled && y.settled && bound < farthest;
  return { text: joined(left, sign, right), binds: level.sum, settled: isSettled, bound };
}

/** `a + -1` is `a - 1`. */
function joined(left: string, sign: '+' | '-', right: string): string {
  if (right.startsWith('-')) return `${left} ${sign === '+' ? '-' : '+'} ${right.slice(1)}`;
  return `${left} ${sign} ${right}`;
}

/** Undefined where it may be too large for f64 to be exact. */
export function productOf(x: Piece, y: Piece): Piece | undefined {
  const bound = x.bound * y.bound;
  if (bound > exact) return undefined;
  const [left, right] = [textAt(x, level.product), textAt(y, level.unary)];
  return unsettled(`${left} * ${right}`, level.product, bound);
}
