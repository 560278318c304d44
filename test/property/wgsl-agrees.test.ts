/**
 * Laws of kernels as WGSL on a device: every kernel that the verifier accepts is a valid shader
 * (Tint's analysis of uniformity included), and a kernel whose arithmetic is exact leaves in memory
 * what the interpreter of kernels leaves there.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactWgsl } from '../../compiler/6-emit/wgsl/compact.ts';
import { kernelWgsl } from '../../compiler/6-emit/wgsl/emit.ts';
import { printFunction, printKernel } from '../../compiler/kernel/print.ts';
import { verifyFunctions, verifyKernel } from '../../compiler/kernel/verify.ts';
import { compileFunctions } from '../../runtime/interpreter/compile-functions.ts';
import { compileKernel } from '../../runtime/interpreter/compile-kernel.ts';
import { drawer } from '../../compiler/verify/arrays.ts';
import { gpuDevice, gpuUnavailable } from '../support/gpu.ts';
import { complaints, runWgsl, type Elements } from '../support/wgsl-runs.ts';
import { exactKernels } from './arbitraries/exact-kernels.ts';
import { kernels, type KernelWithFunctions } from './arbitraries/kernels.ts';

const device = await gpuDevice();

/** Buffers of these kernels have 1024 elements. */
function tensorsFor({ kernel }: KernelWithFunctions): Elements[] {
  const draw = drawer(7);
  return kernel.buffers.map(({ element }) => {
    const numbers = Float64Array.from({ length: 1024 }, draw);
    return element === 'f32'
      ? Float32Array.from(numbers, (x) => Math.floor(x * 1024))
      : Int32Array.from(numbers, (x) => Math.floor((x - 0.5) * 2 ** 32));
  });
}

function text({ kernel, functions }: KernelWithFunctions): string {
  return [...functions.map(printFunction), printKernel(kernel)].join('\n');
}

const prints: Readonly<Record<string, (drawn: KernelWithFunctions) => string>> = {
  'in words': ({ kernel, functions }) => kernelWgsl(kernel, functions),
  'in few letters': ({ kernel, functions }) => compactWgsl({ kernels: [kernel], functions }).code,
};

describe.skipIf(gpuUnavailable !== undefined)(`on a device ${gpuUnavailable ?? ''}`, () => {
  test.each(Object.entries(prints))(
    'what the verifier accepts is a shader %s',
    async (_, print) => {
      if (device === undefined) throw new Error(gpuUnavailable);
      const law = fc.asyncProperty(kernels, async (drawn) => {
        verifyFunctions(drawn.functions);
        verifyKernel(drawn.kernel, drawn.functions);
        const code = print(drawn);
        expect(await complaints(device, code), code).toEqual([]);
      });
      await fc.assert(law, { seed: 20, numRuns: 300 });
    },
  );

  test.each([
    ['in words', false],
    ['in few letters', true],
  ])('it leaves in memory what the interpreter leaves, %s', async (_, compact) => {
    if (device === undefined) throw new Error(gpuUnavailable);
    const law = fc.asyncProperty(exactKernels, async (drawn) => {
      const { kernel, functions } = drawn;
      verifyKernel(kernel, functions);
      const tensors = tensorsFor(drawn);
      const sizes = [3, 5, 8].slice(0, kernel.sizes.length);
      const [step, groups] = [2, [1, 1, 1] as const];
      const run = { kernel, functions, tensors, sizes, step, groups, compact };
      const found = await runWgsl(device, run);
      const dispatch = { kernel: 0, tensors: [], sizes, step, groups };
      compileKernel(kernel, compileFunctions(functions), {})(dispatch, tensors);
      expect(found, text(drawn)).toEqual(tensors);
    });
    await fc.assert(law, { seed: 21, numRuns: 100 });
  });
});
