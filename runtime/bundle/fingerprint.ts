/**
 * A hash of 64 bits, against damage and mistakes, not against malice: a page over plain http has no
 * other, and cryptographic ones answer late. Each word is mixed into two states by steps that lose
 * nothing, so that bytes that differ in one word never have the same hash; factors as in murmur3
 * (Appleby 2011) and after the golden ratio.
 */
export function fingerprint(bytes: Uint8Array): string {
  const { buffer, byteOffset, length } = bytes;
  const words = new DataView(buffer, byteOffset, length);
  let [low, high] = [length, ~length];
  for (let i = 0; i < length; i += 4) {
    // The last word may overlap the one before it. There are four bytes at least.
    const word = words.getInt32(Math.min(i, Math.max(0, length - 4)), true);
    low = Math.imul(low ^ word, 0x9e3779b1);
    low ^= low >>> 15;
    high = Math.imul(high + word, 0x85ebca6b);
    high ^= high >>> 13;
  }
  return [low, high].map((state) => (state >>> 0).toString(16)).join('-');
}
