/** Which numbers of which calls a contestant is asked for before it is timed. */
import type { Sizes, Workload } from './workloads.ts';

/** Enough that a state or a weight carried wrongly shows. */
export function checkedCalls({ mode }: Workload): number {
  return { stream: 8, run: 1, train: 3 }[mode];
}

/** Rows of the batch whose results are compared: of whole sequences the first and the last. */
export function checkedRows({ mode }: Workload, { batch }: Sizes): readonly number[] {
  if (mode !== 'run') return [];
  return batch === 1 ? [0] : [0, batch - 1];
}

/** The numbers of one call that are compared. */
export function checkedNumbers(
  workload: Workload,
  sizes: Sizes,
  result: ArrayLike<number>,
): readonly number[] {
  const all = Array.from(result);
  if (workload.mode !== 'run') return all;
  const size = all.length / sizes.batch;
  return checkedRows(workload, sizes).flatMap((row) => all.slice(row * size, (row + 1) * size));
}

/** How far off a contestant may be: f32 in another order, with another exp and tanh. */
export function tolerance({ mode }: Workload): number {
  return mode === 'train' ? 3e-5 : 1e-5;
}

export function largestDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  return found.reduce((most, value, i) => {
    const difference = Math.abs(value - (expected[i] ?? NaN));
    return Number.isNaN(difference) ? Infinity : Math.max(most, difference);
  }, 0);
}
