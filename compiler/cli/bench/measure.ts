/** Times calls: their number, their median and quartiles in milliseconds. */
import type { Call } from './driver.ts';

export interface Times {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly reps: number;
}

/**
 * Calls that are made before, and the milliseconds that they take at least: the first compiles, the
 * next ones fill caches, and some engines compile anew what they find to be called often.
 */
const warmUps = 2;
const warmUpTime = 300;

/** Hears how many calls there were and what the last one took, in milliseconds. */
export type Watch = (calls: number, last: number) => void;

/**
 * `reps` calls; or if not said, at least seven and for at least two seconds. Calls so slow that
 * seven of them take a minute end then.
 */
export async function measure(
  call: Call,
  reps: number | undefined,
  watch: Watch = () => undefined,
): Promise<Times> {
  const timed = async (): Promise<number> => {
    const start = performance.now();
    // To wait for what is over already would take as long as the shortest of calls.
    const pending = call();
    if (pending !== undefined) await pending;
    return performance.now() - start;
  };
  const warmedUpAt = performance.now() + warmUpTime;
  for (let i = 0; i < warmUps || performance.now() < warmedUpAt; i++) watch(0, await timed());
  const times: number[] = [];
  const began = performance.now();
  const isEnough = (): boolean => {
    if (reps !== undefined) return times.length >= reps;
    const spent = performance.now() - began;
    return (times.length >= 7 && spent >= 2000) || (times.length > 0 && spent >= 60_000);
  };
  while (!isEnough()) {
    const time = await timed();
    times.push(time);
    watch(times.length, time);
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
