/**
 * Laws of kernels as WebAssembly, in all three forms, large and small: a kernel whose arithmetic is
 * exact leaves in memory what the interpreter of kernels leaves there, and every module is valid to
 * a second tool.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printFunction, printKernel } from '../../compiler/kernel/print.ts';
import { verifyKernel } from '../../compiler/kernel/verify.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';
import { drawer } from '../../compiler/verify/arrays.ts';
import type { Elements } from '../support/memory-runs.ts';
import { forms, runKernel } from '../support/wasm-runs.ts';
import { exactKernels } from './arbitraries/exact-kernels.ts';
import type { KernelWithFunctions } from './arbitraries/kernels.ts';
import { bufferLength, linearKernels } from './arbitraries/linear-kernels.ts';

interface Run extends KernelWithFunctions {
  readonly sizes: readonly number[];
  readonly groups: readonly [number, number, number];
}

function tensorsFor({ kernel }: Run, length: number, most: number): Elements[] {
  const draw = drawer(7);
  return kernel.buffers.map(({ element }) => {
    const numbers = Float64Array.from({ length }, draw);
    if (element === 'f32') return Float32Array.from(numbers, (x) => Math.floor(x * most));
    return Int32Array.from(numbers, (x) => Math.floor((x - 0.5) * 2 ** 32));
  });
}

function text({ kernel, functions }: KernelWithFunctions): string {
  return [...functions.map(printFunction), printKernel(kernel)].join('\n');
}

async function agrees(form: (typeof forms)[number], run: Run, tensors: Elements[]): Promise<void> {
  const { kernel, functions, sizes, groups } = run;
  verifyKernel(kernel, functions);
  const step = 2;
  const asked = { kernel, functions, form, tensors, sizes, step, groups };
  const [found, small] = [await runKernel(asked), await runKernel({ ...asked, small: true })];
  const dispatch = { kernel: 0, tensors: [], sizes, step, groups };
  compileKernel(kernel, compileFunctions(functions), {})(dispatch, tensors);
  expect(found, text(run)).toEqual(tensors);
  expect(small, `small ${text(run)}`).toEqual(tensors);
}

describe.each(forms)('%s', (form) => {
  test('kernels of everything that there is', async () => {
    const law = fc.asyncProperty(exactKernels, async (drawn) => {
      const sizes = [3, 5, 8].slice(0, drawn.kernel.sizes.length);
      const run: Run = { ...drawn, sizes, groups: [1, 1, 1] };
      await agrees(form, run, tensorsFor(run, 1024, 1024));
    });
    await fc.assert(law, { seed: 30, numRuns: 60 });
  });

  test('loops over memory at linear indexes', async () => {
    const law = fc.asyncProperty(linearKernels, async (drawn) => {
      const run = { ...drawn, functions: [] };
      const tensors = tensorsFor(run, bufferLength, 16).map((tensor) =>
        tensor instanceof Int32Array ? tensor.map((value) => (value >>> 8) % 9) : tensor,
      );
      await agrees(form, run, tensors);
    });
    await fc.assert(law, { seed: 31, numRuns: 60 });
  });
});
