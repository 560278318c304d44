/**
 * Numbers moved by one unit in the last place. A program that is right answers as if its inputs had
 * been off by about that much, so what becomes of the answer then says how far off it may be: where
 * terms cancel or a recurrence is chaotic, much farther than one run in f32 happens to be.
 */
import { drawer, type Arrays } from './arrays.ts';
import { mapped } from './batches.ts';

/** Each float up, down or left alone, by chance. */
export function nudged(arrays: Arrays, seed: number): Arrays {
  const draw = drawer(seed);
  return mapped(arrays, (array) => {
    if (array.dtype !== 'float') return array;
    const data = new Float64Array(array.data);
    for (let i = 0; i < data.length; i++) {
      data[i] = Math.fround((data[i] ?? 0) * (1 + Math.round(2 * draw() - 1) * 2 ** -23));
    }
    return { ...array, data };
  });
}

/** Numbers below the smallest normal one of f32 become 0, as on devices that know none of them. */
export function flushed(arrays: Arrays): Arrays {
  return mapped(arrays, (array) => {
    if (array.dtype !== 'float') return array;
    const data = new Float64Array(array.data);
    for (let i = 0; i < data.length; i++) {
      if (Math.abs(data[i] ?? 0) < smallestNormal) data[i] = 0;
    }
    return { ...array, data };
  });
}

export const smallestNormal = 2 ** -126;
