/**
 * Laws of single values as JavaScript: any expression, stored, compared or asked for again, is what
 * the interpreter of kernels says, bit for bit.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import * as k from '../../compiler/kernel/build.ts';
import { printExpression } from '../../compiler/kernel/print-expression.ts';
import type { Expression, Kernel, Statement } from '../../runtime/artifact/kernel.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';
import { runKernelJs } from '../support/js-runs.ts';
import { expressions, floats, loaded, wholeNumbers } from './arbitraries/expressions.ts';

/** Each value goes into its memory as it stands, and once more after it had a name. */
function kernelOf(values: readonly Expression[]): Kernel {
  const body = values.flatMap((value, at): Statement[] => {
    const memory = k.typeOf(value) === 'f32' ? 'f' : 'i';
    const name = `v${at}`;
    const named = k.local(name, k.typeOf(value));
    return [
      { kind: 'store', memory, index: k.int(2 * at), value },
      { kind: 'var', name, value },
      { kind: 'store', memory, index: k.int(2 * at + 1), value: named },
    ];
  });
  return {
    name: 'values',
    buffers: [
      { name: 'x', element: 'f32', access: 'read' },
      { name: 'n', element: 'i32', access: 'read' },
      { name: 'f', element: 'f32', access: 'write' },
      { name: 'i', element: 'i32', access: 'write' },
    ],
    ...{ sizes: [], workgroup: [1, 1, 1], shared: [], registers: [], body },
  };
}

const { i32, f32, bool } = expressions;

test('values are what the interpreter of kernels says', async () => {
  const law = fc.asyncProperty(
    fc.array(fc.oneof(i32, f32, bool), { minLength: 40, maxLength: 40 }),
    async (values) => {
      const kernel = kernelOf(values);
      const tensors = [
        Float32Array.from(floats.slice(0, loaded)),
        Int32Array.from(wholeNumbers.slice(0, loaded)),
        new Float32Array(2 * values.length),
        new Int32Array(2 * values.length),
      ];
      const [, , foundFloats, foundInts] = await runKernelJs({ kernel, tensors });
      const dispatch = { kernel: 0, tensors: [], sizes: [], step: 0, groups: [1, 1, 1] } as const;
      compileKernel(kernel, compileFunctions([]), {})(dispatch, tensors);
      const [, , expectedFloats, expectedInts] = tensors;
      values.forEach((value, at) => {
        const isFloat = k.typeOf(value) === 'f32';
        for (const place of [2 * at, 2 * at + 1]) {
          const found = (isFloat ? foundFloats : foundInts)?.[place];
          expect(found, printExpression(value)).toBe(
            (isFloat ? expectedFloats : expectedInts)?.[place],
          );
        }
      });
    },
  );
  await fc.assert(law, { seed: 46, numRuns: Number(process.env['RUNS'] ?? 400) });
}, 120_000);
