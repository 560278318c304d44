/** The encodings of numbers and names (WebAssembly 2.0 §5.2), against their definition. */
import { describe, expect, test } from 'vitest';
import { Bytes } from '../../../compiler/6-emit/wasm/bytes.ts';

function bytes(write: (to: Bytes) => void): number[] {
  const to = new Bytes();
  write(to);
  expect(to.length).toBe(to.finish().length);
  return Array.from(to.finish());
}

/** LEB128 read by its definition: groups of 7 bits, the lowest first. */
function read(from: readonly number[], signed: boolean): bigint {
  const value = from.reduce((sum, byte, i) => sum + (BigInt(byte & 0x7f) << BigInt(7 * i)), 0n);
  const bits = 7 * from.length;
  return signed ? BigInt.asIntN(bits, value) : value;
}

const edges = [0, 1, 63, 64, 127, 128, 8191, 8192, 16383, 16384, 2 ** 21, 2 ** 27, 2 ** 31 - 1];

describe('LEB128', () => {
  test('of numbers without a sign', () => {
    for (const value of [...edges, 2 ** 31, 2 ** 32 - 1]) {
      const found = bytes((to) => to.unsigned(value));
      expect(read(found, false)).toBe(BigInt(value));
      expect(found.slice(0, -1).every((byte) => byte >= 0x80)).toBe(true);
      expect(found.at(-1)).toBeLessThan(0x80);
    }
    expect(bytes((to) => to.unsigned(624485))).toEqual([0xe5, 0x8e, 0x26]);
  });

  test('of numbers with a sign', () => {
    for (const value of [...edges, ...edges.map((edge) => -edge), -(2 ** 31)]) {
      const found = bytes((to) => to.signed(value));
      expect(read(found, true)).toBe(BigInt(value));
      expect(found.length).toBeLessThan(6);
    }
    expect(bytes((to) => to.signed(-123456))).toEqual([0xc0, 0xbb, 0x78]);
  });
});

test('floats and words, the lowest byte first', () => {
  expect(bytes((to) => to.float(1))).toEqual([0, 0, 0x80, 0x3f]);
  expect(bytes((to) => to.float(0.1))).toEqual([0xcd, 0xcc, 0xcc, 0x3d]);
  expect(bytes((to) => to.float(-0))).toEqual([0, 0, 0, 0x80]);
  expect(bytes((to) => to.word(-2))).toEqual([0xfe, 0xff, 0xff, 0xff]);
});

test('names in UTF-8, behind their length in bytes', () => {
  expect(bytes((to) => to.name('c̃'))).toEqual([3, 0x63, 0xcc, 0x83]);
});

test('it grows, by one byte or by many', () => {
  const long = new Bytes();
  for (let i = 0; i < 1000; i++) long.byte(i & 0xff);
  const whole = new Bytes();
  whole.byte(7);
  whole.appendSized(long);
  const expected = [7, 0xe8, 0x07, ...Array.from({ length: 1000 }, (_, i) => i & 0xff)];
  expect(Array.from(whole.finish())).toEqual(expected);
});
