/** Law: a kernel or a program that is printed and read back is the same one. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { printKernel } from '../../compiler/kernel/print.ts';
import { printProgram } from '../../compiler/kernel/print-program.ts';
import { readKernel } from '../../compiler/kernel/read.ts';
import { readProgram } from '../../compiler/kernel/read-program.ts';
import { verifyKernel } from '../../compiler/kernel/verify.ts';
import { verifyProgram } from '../../compiler/kernel/verify-program.ts';
import { kernels } from './arbitraries/kernels.ts';
import { programs } from './arbitraries/programs.ts';

test('print then read is identity for kernels', () => {
  const law = fc.property(kernels, ({ kernel }) => {
    const text = printKernel(kernel);
    const back = readKernel(text);
    expect(back).toStrictEqual(kernel);
    expect(printKernel(back)).toBe(text);
  });
  fc.assert(law, { numRuns: 150, seed: 20251 });
});

test('print then read is identity for programs', () => {
  const law = fc.property(programs, (program) => {
    const text = printProgram(program);
    const back = readProgram(text);
    expect(back).toStrictEqual(program);
    expect(printProgram(back)).toBe(text);
  });
  fc.assert(law, { numRuns: 80, seed: 20252 });
});

test('what is drawn is verified', () => {
  const law = fc.property(kernels, programs, ({ kernel, functions }, program) => {
    expect(verifyKernel(kernel, functions)).toBe(kernel);
    expect(verifyProgram(program)).toBe(program);
  });
  fc.assert(law, { numRuns: 100, seed: 20253 });
});
