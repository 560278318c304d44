/** Arrays drawn from a seed, rounded, and compared. */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';

/** Tensors by name. */
export type Arrays = ReadonlyMap<string, NdArray>;

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export function drawer(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Numbers that f32 holds, so that f64 and f32 see the same. */
export function roundedToF32(arrays: Arrays): Map<string, NdArray> {
  return new Map(
    [...arrays].map(([name, array]) => {
      if (array.dtype !== 'float') return [name, array];
      return [name, { ...array, data: Float64Array.from(array.data, Math.fround) }];
    }),
  );
}

/** Floats in [-scale, scale). */
export function drawFloats(draw: () => number, shape: readonly number[], scale = 1): NdArray {
  const data = new Float64Array(countOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = (2 * draw() - 1) * scale;
  return { dtype: 'float', shape, data };
}

export function floats(shape: readonly number[], numbers: readonly number[]): NdArray {
  return { dtype: 'float', shape, data: Float64Array.from(numbers) };
}

export function ints(shape: readonly number[], numbers: readonly number[]): NdArray {
  return { dtype: 'int', shape, data: Int32Array.from(numbers) };
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** Largest |x - y|; Infinity where shapes differ or just one of the two is NaN. */
export function distance(x: NdArray, y: NdArray): number {
  if (x.shape.join() !== y.shape.join()) return Infinity;
  let largest = 0;
  for (let i = 0; i < x.data.length; i++) {
    const [a, b] = [x.data[i] ?? NaN, y.data[i] ?? NaN];
    if (Object.is(a, b) || a === b) continue;
    const difference = Math.abs(a - b);
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }
  return largest;
}
