/** Memory that kernels need beside the arenas, on a target that keeps their arrays in memory. */
import type { Kernel, KernelArray } from './kernel.ts';
import type { Program } from './program.ts';

/** Bytes that arrays begin at multiples of. */
export const arrayAlignment = 16;

/** Bytes of an array, with what lies idle behind it. */
export function arrayBytes({ length }: KernelArray): number {
  return Math.ceil((4 * length) / arrayAlignment) * arrayAlignment;
}

/** Arrays of a kernel in the order in which they lie: shared ones, then registers. */
export function arraysOf({ shared, registers }: Kernel): readonly KernelArray[] {
  return [...shared, ...registers];
}

/** The most bytes that one kernel's arrays take; kernels run one after another. */
export function scratchBytes({ kernels }: Program): number {
  const needed = kernels.map((kernel) =>
    arraysOf(kernel).reduce((sum, array) => sum + arrayBytes(array), 0),
  );
  return Math.max(0, ...needed);
}
