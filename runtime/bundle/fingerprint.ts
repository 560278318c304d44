/**
 * A hash of 64 bits, against damage and mistakes, not against malice: a page over plain http has no
 * other, and cryptographic ones answer late. Each word is mixed into two states by steps that lose
 * nothing, so that bytes that differ in one word never have the same hash; factors as in murmur3
 * (Appleby 2011) and after the golden ratio. What is missing of the last word is 0.
 */
export function fingerprint(bytes: Uint8Array): string {
  const { length } = bytes;
  const words = new Int32Array(Math.ceil(length / 4));
  new Uint8Array(words.buffer).set(bytes);
  let [low, high] = [length, ~length];
  // By index: code that has not been compiled yet takes twice as long with an iterator.
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    low = Math.imul(low ^ word, 0x9e3779b1);
    low ^= low >>> 15;
    high = Math.imul(high + word, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return `${low}_${high}`;
}
