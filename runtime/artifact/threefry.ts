/**
 * Threefry-2x32-20, the counter-based generator of Salmon et al. 2011 ("Parallel random numbers: as
 * easy as 1, 2, 3"). A pure function of key and counter on 32-bit words, so every backend and every
 * run draws the same bits. Imports nothing.
 */

/** Two random words, as unsigned 32-bit numbers, from a key and a counter of two words each. */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  encrypt(key0, key1, counter0, counter1);
  return [word0 >>> 0, word1 >>> 0];
}

/**
 * Fills `out` with uniform numbers in [0, 1), multiples of 2^-24: element i is the top 24 bits of
 * the first word under key (seed, step) and counter (site, i).
 */
export function uniformFill(
  out: Float64Array | Float32Array,
  seed: number,
  step: number,
  site: number,
): void {
  for (let i = 0; i < out.length; i++) {
    encrypt(seed, step, site, i);
    out[i] = (word0 >>> 8) / 0x1000000;
  }
}

/** The state of one call; module-level so that drawing allocates nothing. */
let word0 = 0;
let word1 = 0;

function encrypt(key0: number, key1: number, counter0: number, counter1: number): void {
  const key2 = key0 ^ key1 ^ 0x1bd11bda;
  word0 = (counter0 + key0) | 0;
  word1 = (counter1 + key1) | 0;
  evenRounds();
  inject(key1, key2, 1);
  oddRounds();
  inject(key2, key0, 2);
  evenRounds();
  inject(key0, key1, 3);
  oddRounds();
  inject(key1, key2, 4);
  evenRounds();
  inject(key2, key0, 5);
}

function evenRounds(): void {
  round(13);
  round(15);
  round(26);
  round(6);
}

function oddRounds(): void {
  round(17);
  round(29);
  round(16);
  round(24);
}

function round(rotation: number): void {
  word0 = (word0 + word1) | 0;
  word1 = ((word1 << rotation) | (word1 >>> (32 - rotation))) ^ word0;
}

function inject(first: number, second: number, count: number): void {
  word0 = (word0 + first) | 0;
  word1 = (word1 + second + count) | 0;
}
