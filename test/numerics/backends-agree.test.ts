/**
 * Why the record measures so few backends: the scalar form of Wasm and the interpreter of kernels
 * give the bits of Wasm with vectors, and the interpreter in f32 gives the f64 value rounded.
 */
import { describe, expect, test } from 'vitest';
import { required } from '../support/op-runs.ts';
import { onKernelInterpreter, onWasm } from './backends.ts';
import { drawnPairs, everyWord, newOperands, type Inputs } from './inputs.ts';
import {
  binarySubjects,
  exactValues,
  unarySubjects,
  valuesInF32,
  type Subject,
} from './subjects.ts';
import type { Words } from './tally.ts';

/** Odd, and so that each power of two is met 256 times: some 65,000 numbers. */
const stride = 65521;

function inputsOf({ arity }: Subject): Inputs {
  return arity === 1 ? everyWord(stride, 2 ** 17) : drawnPairs(1, 2 ** 14);
}

const subjects = [...unarySubjects, ...binarySubjects];

describe.each(subjects.map((s) => [s.name, s] as const))('%s', (_, subject) => {
  const inputs = inputsOf(subject);
  const operands = newOperands(subject, inputs.length);
  inputs.fill(0, operands);

  test('scalar Wasm and the interpreter of kernels have the bits of Wasm simd', async () => {
    const simd = bitsOf(await (await onWasm(subject, inputs.length, 'simd'))(operands));
    const scalar = bitsOf(await (await onWasm(subject, inputs.length, 'scalar'))(operands));
    const interpreted = await (await onKernelInterpreter(subject, inputs.length))(operands);
    expect(firstDifference(simd, scalar)).toBe('none');
    expect(firstDifference(simd, bitsOf(interpreted))).toBe('none');
  });

  test('the interpreter in f32 rounds the value in f64', () => {
    if (subject.gives !== 'float') return;
    const wanted = Float32Array.from(exactValues(subject, operands));
    const found = Float32Array.from(valuesInF32(subject, operands));
    expect(firstDifference(bitsOf(wanted), bitsOf(found))).toBe('none');
  });

  function firstDifference(wanted: Int32Array, found: Int32Array): string {
    const at = wanted.findIndex((bits, i) => bits !== found[i]);
    if (at === -1) return 'none';
    const numbers = operands.map((operand) => String(operand[at]));
    return `${numbers.join(', ')}: bits ${required(wanted[at])} and ${required(found[at])}`;
  }
});

/** All NaN are alike. */
function bitsOf(words: Words): Int32Array {
  const bits = new Int32Array(words.buffer, words.byteOffset, words.length).slice();
  words.forEach((value, i) => {
    if (Number.isNaN(value)) bits[i] = 0x7fc00000;
  });
  return bits;
}
