/**
 * Laws of taking fours apart for JavaScript: a kernel whose fours are loops over lanes, or over
 * elements, and whose lets are fewer, leaves in memory what it left before.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { withFewerLets } from '../../compiler/kernel/fewer-lets.ts';
import { laneLoops } from '../../compiler/6-emit/js/lane-loops.ts';
import { freshNames, namesIn } from '../../compiler/kernel/fresh-names.ts';
import { printKernel } from '../../compiler/kernel/print.ts';
import { scalarStatements } from '../../compiler/kernel/scalar-form.ts';
import { withUniqueNames } from '../../compiler/kernel/unique-names.ts';
import { verifyKernel } from '../../compiler/kernel/verify.ts';
import { drawer } from '../../compiler/verify/arrays.ts';
import type { Kernel } from '../../runtime/artifact/kernel.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';
import { laneKernels, laneLength } from './arbitraries/lane-kernels.ts';

interface Forms {
  readonly rolled: Kernel;
  readonly scalar: Kernel;
}

function formsOf(kernel: Kernel): Forms {
  const fresh = freshNames(namesIn(kernel.body));
  const unique = { ...kernel, body: withUniqueNames(kernel.body, fresh) };
  const { body, aside } = laneLoops(unique, fresh);
  const registers = aside === undefined ? kernel.registers : [...kernel.registers, aside];
  const fewer = withFewerLets(scalarStatements(body, fresh), new Set(['x']));
  return { rolled: { ...kernel, registers, body }, scalar: { ...kernel, registers, body: fewer } };
}

function left(kernel: Kernel): readonly Float32Array[] {
  const draw = drawer(5);
  const tensors = kernel.buffers.map(() => Float32Array.from({ length: laneLength }, draw));
  const dispatch = { kernel: 0, tensors: [], sizes: [], step: 0, groups: [1, 1, 1] } as const;
  compileKernel(kernel, compileFunctions([]), {})(dispatch, tensors);
  return tensors;
}

const numRuns = Number(process.env['RUNS'] ?? 1500);

test('kernels leave what they left', () => {
  let [rolled, aside] = [0, 0];
  const law = fc.property(laneKernels, (kernel) => {
    verifyKernel(kernel, []);
    const forms = formsOf(kernel);
    const expected = left(kernel);
    expect(left(forms.rolled), printKernel(forms.rolled)).toEqual(expected);
    expect(left(forms.scalar), printKernel(forms.scalar)).toEqual(expected);
    if (printKernel(forms.rolled) !== printKernel(kernel)) rolled++;
    if (forms.rolled.registers.length > 0) aside++;
  });
  fc.assert(law, { seed: 43, numRuns });
  // And it was not about nothing.
  expect(rolled).toBeGreaterThan(numRuns / 4);
  expect(aside).toBeGreaterThan(numRuns / 50);
}, 120_000);
