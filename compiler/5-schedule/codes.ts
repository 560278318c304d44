/** Codes of 8 bits in kernels: four to a word, made of numbers and made into numbers again. */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import * as k from '../kernel/build.ts';
import type { Emitter } from './emitter.ts';
import { laneOf } from './quads.ts';

/**
 * The codes of numbers that are codes times these scales, rounded: the quotients are off by less
 * than 0.001, so that the nearest whole numbers are the codes. Of 0 and a scale of 0 it is 0.
 */
export function codesOf(numbers: Expression, scales: Expression, emitter: Emitter): Expression {
  const quotient = k.add(k.div(numbers, scales), k.unary('splat', k.float(0.5)));
  const codes = emitter.named(k.unary('floor', quotient), 'codes');
  const bytes = [0, 1, 2, 3].map((lane) => {
    const code = k.unary('toInt', k.lane(codes, laneOf(lane)));
    const byte = k.binary('bitAnd', code, k.int(255));
    return lane === 0 ? byte : k.binary('shiftLeft', byte, k.int(8 * lane));
  });
  return bytes.reduce((word, byte) => k.binary('bitOr', word, byte));
}

/** The numbers that the word's codes stand for; scales as `scaled` has made them. */
export function numbersOf(word: Expression, scales: Expression): Expression {
  return k.mul(k.unary('fromBytes', word), scales);
}

/**
 * For bytes at the upper end of words, where one instruction puts them: codes times 2^24. The
 * products are the same numbers, rounded once, as long as this one is exact (`leastScale`).
 */
export function scaled(scales: Expression): Expression {
  return k.mul(scales, k.unary('splat', k.float(2 ** -24)));
}
