/** What whoever writes kernels for a GPU and whoever dispatches them agree on. */
import type { Program } from './program.ts';

/** Workgroups lie in lines of this length at most, one below the other. */
export const longestLine = 32_768;

/** A record of uniform memory that holds a time step, in bytes. */
export const stepBytes = 16;

/** That of a program's dispatches: as many `vec4<u32>` as their buffers and sizes take. */
export function recordBytes({ kernels }: Pick<Program, 'kernels'>): number {
  const words = kernels.map(({ buffers, sizes }) => buffers.length + sizes.length);
  return 16 * Math.max(1, Math.ceil(Math.max(0, ...words) / 4));
}
