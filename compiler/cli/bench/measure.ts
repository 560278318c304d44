/** Times calls: their number, their median and quartiles in milliseconds. */
import type { Call } from './driver.ts';

export interface Times {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly reps: number;
}

/** Two calls are made before: the first compiles, the second still fills caches. */
const warmUps = 2;

/**
 * `reps` calls; or if not said, at least seven and for at least two seconds. Calls so slow that
 * seven of them take a minute end then.
 */
export async function measure(call: Call, reps: number | undefined): Promise<Times> {
  for (let i = 0; i < warmUps; i++) await call();
  const times: number[] = [];
  const began = performance.now();
  const isEnough = (): boolean => {
    if (reps !== undefined) return times.length >= reps;
    const spent = performance.now() - began;
    return (times.length >= 7 && spent >= 2000) || (times.length > 0 && spent >= 60_000);
  };
  while (!isEnough()) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return { ...quartiles(times), reps: times.length };
}

/** Between two values where none is in the place. */
export function quartiles(values: readonly number[]): Omit<Times, 'reps'> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => {
    const place = part * (sorted.length - 1);
    const [low, high] = [Math.floor(place), Math.ceil(place)];
    const [from = NaN, to = NaN] = [sorted[low], sorted[high]];
    return from + (place - low) * (to - from);
  };
  return { median: at(0.5), p25: at(0.25), p75: at(0.75) };
}
