/**
 * Laws of kernels as JavaScript: what a kernel leaves in memory is, bit for bit, what the
 * interpreter of kernels leaves there and what WebAssembly without f32x4 does.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printFunction, printKernel } from '../../compiler/kernel/print.ts';
import { verifyKernel } from '../../compiler/kernel/verify.ts';
import { drawer } from '../../compiler/verify/arrays.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';
import { runKernelJs } from '../support/js-runs.ts';
import type { Elements, KernelRun } from '../support/memory-runs.ts';
import { runKernel } from '../support/wasm-runs.ts';
import { exactKernels, roundedKernels } from './arbitraries/exact-kernels.ts';
import type { KernelWithFunctions } from './arbitraries/kernels.ts';
import { bufferLength, linearKernels } from './arbitraries/linear-kernels.ts';

type Run = Required<KernelRun>;

function tensorsFor({ kernel }: KernelWithFunctions, make: (draw: () => number) => Elements) {
  const draw = drawer(7);
  return kernel.buffers.map(({ element }) => {
    if (element === 'f32') return make(draw);
    return Int32Array.from({ length: 1024 }, () => Math.floor((draw() - 0.5) * 2 ** 32));
  });
}

/** Every 32 bits there are; a NaN is any. */
function anyFloats(draw: () => number): Float32Array {
  const bits = Uint32Array.from({ length: 1024 }, () => Math.floor(draw() * 2 ** 32));
  return new Float32Array(bits.buffer);
}

function runOf(drawn: KernelWithFunctions, tensors: readonly Elements[]): Run {
  const sizes = [3, 5, 8].slice(0, drawn.kernel.sizes.length);
  return { ...drawn, tensors, sizes, step: 2, groups: [1, 1, 1] };
}

async function agrees(run: Run): Promise<void> {
  const { kernel, functions, sizes, groups, step, tensors } = run;
  verifyKernel(kernel, functions);
  const found = await runKernelJs(run);
  const text = [...functions.map(printFunction), printKernel(kernel)].join('\n');
  expect(found, text).toEqual(await runKernel({ ...run, form: 'scalar' }));
  const expected = tensors.map((tensor) => tensor.slice());
  const dispatch = { kernel: 0, tensors: [], sizes, step, groups };
  compileKernel(kernel, compileFunctions(functions), {})(dispatch, expected);
  expect(found, text).toEqual(expected);
}

describe('JavaScript', { timeout: 120_000 }, () => {
  test('kernels of everything that there is', async () => {
    const law = fc.asyncProperty(exactKernels, async (drawn) => {
      const small = tensorsFor(drawn, (draw) =>
        Float32Array.from({ length: 1024 }, () => Math.floor(draw() * 1024)),
      );
      await agrees(runOf(drawn, small));
    });
    await fc.assert(law, { seed: 40, numRuns: Number(process.env['RUNS'] ?? 60) });
  });

  test('kernels of any f32, which is rounded as often and in the same order', async () => {
    const law = fc.asyncProperty(roundedKernels, async (drawn) => {
      await agrees(runOf(drawn, tensorsFor(drawn, anyFloats)));
    });
    await fc.assert(law, { seed: 41, numRuns: Number(process.env['RUNS'] ?? 60) });
  });

  test('loops over memory at linear indexes', async () => {
    const law = fc.asyncProperty(linearKernels, async ({ kernel, sizes, groups }) => {
      const draw = drawer(7);
      const tensors = kernel.buffers.map(({ element }) => {
        const numbers = Float64Array.from({ length: bufferLength }, draw);
        if (element === 'f32') return Float32Array.from(numbers, (x) => 16 * x - 8);
        return Int32Array.from(numbers, (x) => Math.floor(9 * x));
      });
      await agrees({ kernel, functions: [], tensors, sizes, step: 2, groups });
    });
    await fc.assert(law, { seed: 42, numRuns: Number(process.env['RUNS'] ?? 100) });
  });
});
