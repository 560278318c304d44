/**
 * A hash of 64 bits, against damage and mistakes, not against malice: a page over plain http has
 * no other, and cryptographic ones answer late. Both halves are murmur3's body and finish over
 * words of 32 bits (Appleby 2011), from two seeds.
 */
export function fingerprint(bytes: Uint8Array): string {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length & ~3;
  let [low, high] = [bytes.length, ~bytes.length];
  const add = (word: number): void => {
    const k = Math.imul(word, 0xcc9e2d51);
    const mixed = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    low ^= mixed;
    low = (Math.imul((low << 13) | (low >>> 19), 5) + 0xe6546b64) | 0;
    high ^= Math.imul(mixed, 0x85ebca6b);
    high = (Math.imul((high << 17) | (high >>> 15), 5) + 0x38b34ae5) | 0;
  };
  for (let i = 0; i < whole; i += 4) add(words.getInt32(i, true));
  for (let i = whole; i < bytes.length; i++) add(bytes[i] ?? 0);
  return hex(finish(low)) + hex(finish(high));
}

function finish(state: number): number {
  let h = state;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
