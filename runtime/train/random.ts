/**
 * Random numbers for the host side of training, all from Threefry: a pure function of seed, step,
 * site and how many were drawn before, so that a run repeats bit for bit. Sites below 2^31 belong
 * to weights and dropout; the host's own uses are listed here.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import { threefry2x32 } from '../artifact/threefry.ts';

/** Keeps the host's uses of one seed apart from each other and from the program's. */
export const hostSites = { shuffle: 0x80000001, split: 0x80000002 } as const;

/** A seed is an int of the program too. Faults: R7309. */
export function checkSeed(seed: number): void {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0x7fffffff) {
    throw new RuntimeFault('R7309', `the seed must be a whole number below 2^31, not ${seed}`);
  }
}

/** Successive draws under key (seed, step) and counters (site, 0), (site, 1), … */
export class RandomStream {
  private readonly seed: number;
  private readonly step: number;
  private readonly site: number;
  private drawn = 0;

  constructor(seed: number, step: number, site: number) {
    this.seed = seed;
    this.step = step;
    this.site = site;
  }

  /** 32 random bits, unsigned. */
  word(): number {
    return threefry2x32(this.seed, this.step, this.site, this.drawn++)[0];
  }

  /** In [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const [high, low] = threefry2x32(this.seed, this.step, this.site, this.drawn++);
    return ((high >>> 5) * 0x4000000 + (low >>> 6)) / 0x20000000000000;
  }

  /** A whole number in [0, limit), each as likely: what would favour the small ones is redrawn. */
  below(limit: number): number {
    const fair = 0x100000000 - (0x100000000 % limit);
    let word = this.word();
    while (word >= fair) word = this.word();
    return word % limit;
  }

  /** Two independent standard normal deviates (Box and Muller 1958). */
  normalPair(): [number, number] {
    // 1 - u lies in (0, 1], so that the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }
}

/** `0 … count-1` in random order (Fisher and Yates; Durstenfeld 1964). */
export function permutation(count: number, random: RandomStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order;
}

/** Fills with independent normal deviates of mean 0. */
export function normalFill(out: Float64Array, deviation: number, random: RandomStream): void {
  for (let i = 0; i < out.length; i += 2) {
    const [first, second] = random.normalPair();
    out[i] = first * deviation;
    if (i + 1 < out.length) out[i + 1] = second * deviation;
  }
}
