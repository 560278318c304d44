/**
 * Counts errors of a backend's results against exact values, in units of the last place: the
 * distance of neighbouring f32 around the exact value, 2^-149 below the normal numbers. A tally is
 * plain data, so that a measurement can be laid aside and gone on with.
 */
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import { ulpOf } from '../support/ulps.ts';

/** Where a formula is meant to hold. */
export interface Domain {
  readonly from: number;
  readonly to: number;
  /** Whether results beyond it are looked at too: they are to stay within [-1, 1]. */
  readonly bounded: boolean;
}

/** Numbers as text, since JSON has no NaN, no infinity and no -0. */
export interface Finding {
  readonly operands: readonly string[];
  readonly found: string;
  readonly exact: string;
}

export interface Worst extends Finding {
  readonly error: number;
}

export interface Tally {
  /** How many results were looked at. */
  inputs: number;
  /** How many were not the exact value rounded to nearest. */
  misrounded: number;
  /** In ulp, of results that are 0 or at least 2^-126; absent where all were rounded to nearest. */
  worst?: Worst;
  /** Operands or results below 2^-126 that were 0 instead, as hardware may have them. */
  flushed: number;
  /** In units of 2^-149, of results below 2^-126 that were not 0. */
  worstSubnormal?: Worst;
  /**
   * In ulp, of operands below 2^-120 on a backend that may flush: what is lost may be a step on the
   * way to a normal number.
   */
  worstOfSmall?: Worst;
  /** 0 where it should be -0, or the other way round. */
  zeroSigns: number;
  /** One was NaN or infinite and the other not; or left [-1, 1] where it should stay within. */
  disagreements: number;
  /** The first few of them. */
  listed: Finding[];
}

export function newTally(): Tally {
  return { inputs: 0, misrounded: 0, flushed: 0, zeroSigns: 0, disagreements: 0, listed: [] };
}

export type Words = Float32Array | Int32Array;

export interface Block {
  readonly operands: readonly ElementData[];
  readonly exact: ElementData;
  /** `exact` rounded to nearest. */
  readonly rounded: Words;
  readonly domain: Domain | undefined;
  /**
   * Of a backend that may take operands below the normal numbers for 0: the exact value at a place
   * if it does.
   */
  readonly exactFlushed?: (i: number) => number;
}

const leastNormal = 2 ** -126;
const listedAtMost = 4;

/** Most results have the very bits of the rounded value: all others are looked at one by one. */
export function addToTally(tally: Tally, block: Block, found: Words): void {
  const [foundBits, wantedBits] = [bitsOf(found), bitsOf(block.rounded)];
  tally.inputs += foundBits.length;
  let worst = tally.worst?.error ?? 0;
  for (let i = 0; i < foundBits.length; i++) {
    const bits = wantedBits[i] ?? 0;
    if (foundBits[i] === bits) continue;
    // Ordinary numbers that are not the worst, by far the most: powers of two are left out, about
    // which the distance changes.
    const exponent = (bits >>> 23) & 255;
    const isOrdinary = exponent > 1 && exponent < 255 && (bits & 0x7fffff) !== 0;
    const error = Math.abs((found[i] ?? NaN) - (block.exact[i] ?? NaN));
    if (isOrdinary && error * (perUlp[exponent] ?? 0) <= worst) {
      tally.misrounded++;
    } else {
      look(tally, block, found, i);
      worst = tally.worst?.error ?? 0;
    }
  }
}

/** 1 / ulp by the exponent's bits. */
const perUlp = Float64Array.from({ length: 256 }, (_, exponent) => 2 ** (150 - exponent));

function look(tally: Tally, block: Block, found: Words, i: number): void {
  const [y, rounded, exact] = [found[i] ?? NaN, block.rounded[i] ?? NaN, block.exact[i] ?? NaN];
  const x = block.operands[0]?.[i] ?? NaN;
  if (!isWithin(x, block.domain)) {
    // An infinite angle has no sine.
    const isFar = !(Math.abs(y) <= 1) && Number.isFinite(x);
    if (isFar && block.domain?.bounded === true) disagree(tally, block, y, i);
    return;
  }
  if (Number.isNaN(y) && Number.isNaN(rounded)) return;
  if (y === rounded) {
    tally.zeroSigns++;
    return;
  }
  tally.misrounded++;
  if (isOfFlushed(block, y, i)) {
    tally.flushed++;
    return;
  }
  if (!Number.isFinite(y) || !Number.isFinite(rounded)) {
    disagree(tally, block, y, i);
    return;
  }
  const kind = kindOf(block, y, i);
  if (kind === 'flushed') tally.flushed++;
  else {
    const error = errorOf(y, exact);
    if (error > (tally[kind]?.error ?? 0)) tally[kind] = { error, ...findingAt(block, y, i) };
  }
}

function kindOf(
  { operands, exact, exactFlushed }: Block,
  y: number,
  i: number,
): 'worst' | 'worstSubnormal' | 'worstOfSmall' | 'flushed' {
  if (isSubnormal(exact[i] ?? NaN)) return y === 0 ? 'flushed' : 'worstSubnormal';
  const mayBeLost = exactFlushed !== undefined && operands.some((o) => isSmall(o[i] ?? NaN));
  return mayBeLost ? 'worstOfSmall' : 'worst';
}

/** Whether it is nearer to the value of operands that were taken for 0. */
function isOfFlushed({ operands, exact, exactFlushed }: Block, y: number, i: number): boolean {
  if (exactFlushed === undefined || !operands.some((o) => isSubnormal(o[i] ?? NaN))) return false;
  const other = exactFlushed(i);
  // One that was taken for 0 may also be passed on as it is, as sign does.
  if (Object.is(other, y) || other === y || (other === 0 && isSubnormal(y))) return true;
  return errorOf(y, other) <= 1 && errorOf(y, other) < errorOf(y, exact[i] ?? NaN);
}

function isSmall(x: number): boolean {
  return x !== 0 && Math.abs(x) < 2 ** -120;
}

export function isSubnormal(x: number): boolean {
  return x !== 0 && Math.abs(x) < leastNormal;
}

/** Whether a formula is meant for x; for NaN each is. */
export function isWithin(x: number, domain: Domain | undefined): boolean {
  return domain === undefined || !(x < domain.from || x > domain.to);
}

function disagree(tally: Tally, block: Block, found: number, i: number): void {
  tally.disagreements++;
  if (tally.listed.length < listedAtMost) tally.listed.push(findingAt(block, found, i));
}

function findingAt(block: Block, found: number, i: number): Finding {
  return {
    operands: block.operands.map((operand) => textOf(operand[i] ?? NaN)),
    found: textOf(found),
    exact: textOf(block.exact[i] ?? NaN),
  };
}

/** In ulp; infinity counts as 2^128. */
function errorOf(found: number, exact: number): number {
  const [y, x] = [held(found), held(exact)];
  return Math.abs(y - x) / Math.min(ulpOf(x), 2 ** 104);
}

function held(x: number): number {
  return Math.max(-(2 ** 128), Math.min(2 ** 128, x));
}

function bitsOf(words: Words): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length);
}

export function textOf(x: number): string {
  return Object.is(x, -0) ? '-0' : String(x);
}
