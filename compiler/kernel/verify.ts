/**
 * What every kernel keeps, whatever it is given (specs/ir/kernel.md): names, types, limits of
 * WebGPU, bounds, barriers, races. A breach is a CompilerBug that carries the kernel as text.
 */
import type { Kernel, KernelArray, KernelFunction } from '../../runtime/artifact/kernel.ts';
import { Breach, findDouble, guard } from './breach.ts';
import { typeOf } from './build.ts';
import { printFunction, printKernel } from './print.ts';
import { checkBarriers } from './verify-barriers.ts';
import { checkBounds } from './verify-bounds.ts';
import { checkRaces } from './verify-races.ts';
import { checkFunctionTypes, checkKernelTypes } from './verify-types.ts';

/** What every WebGPU device has at the least. */
const mostInvocations = 256;
const mostAlongZ = 64;
const mostSharedBytes = 16384;

/** Returns the kernel, so that whoever builds one can end with it. */
export function verifyKernel(kernel: Kernel, functions: readonly KernelFunction[]): Kernel {
  guard(
    `kernel ${kernel.name}`,
    () => {
      checkDeclarations(kernel);
      checkKernelTypes(kernel, new Map(functions.map((fn) => [fn.name, fn])));
      checkBounds(kernel);
      checkBarriers(kernel);
      checkRaces(kernel);
    },
    () => printKernel(kernel),
  );
  return kernel;
}

/** Each may call those before it, so that none calls itself. */
export function verifyFunctions(functions: readonly KernelFunction[]): void {
  const earlier = new Map<string, KernelFunction>();
  for (const fn of functions) {
    guard(
      `function ${fn.name}`,
      () => {
        if (earlier.has(fn.name)) throw new Breach('there are two of them');
        checkFunctionTypes(fn, earlier);
        if (typeOf(fn.result) === 'f32x4') throw new Breach('it gives an f32x4, not a scalar');
      },
      () => printFunction(fn),
    );
    earlier.set(fn.name, fn);
  }
}

function checkDeclarations({ buffers, sizes, workgroup, shared, registers }: Kernel): void {
  const memories = [...buffers, ...shared, ...registers].map(({ name }) => name);
  for (const names of [memories, sizes]) {
    const double = findDouble(names);
    if (double !== undefined) throw new Breach(`${double} is declared twice`);
  }
  if (!workgroup.every(isCount)) throw new Breach(`no workgroup: ${workgroup.join(', ')}`);
  const [x, y, z] = workgroup;
  if (x * y * z > mostInvocations) throw new Breach(`a workgroup of ${x * y * z} invocations`);
  if (z > mostAlongZ) throw new Breach(`a workgroup of ${z} invocations along z`);
  for (const { name, length } of [...shared, ...registers]) {
    if (!isCount(length)) throw new Breach(`${name} has ${length} elements`);
  }
  const bytes = sharedBytes(shared);
  if (bytes > mostSharedBytes) {
    throw new Breach(`${bytes} bytes of shared memory, at most ${mostSharedBytes}`);
  }
}

/** As WebGPU counts it: each array takes a multiple of 16 bytes. */
function sharedBytes(shared: readonly KernelArray[]): number {
  return shared.reduce((sum, { length }) => sum + Math.ceil(length / 4) * 16, 0);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
