/** The random generator against its authors' known answers. */
import { expect, test } from 'vitest';
import { threefry2x32, uniformFill } from '../../../../runtime/artifact/threefry.ts';

// Known answers of the authors' library (Random123, kat_vectors), threefry 2x32 with 20 rounds.
test.each([
  [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
  [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
  [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
])('key %i %i, counter %i %i', (key0, key1, counter0, counter1, word0, word1) => {
  expect(threefry2x32(key0, key1, counter0, counter1)).toEqual([word0, word1]);
});

test('uniform numbers are the top 24 bits of the first word, exact in f32', () => {
  const wide = new Float64Array(1000);
  const narrow = new Float32Array(1000);
  uniformFill(wide, 17, 3, 5);
  uniformFill(narrow, 17, 3, 5);
  wide.forEach((value, i) => {
    expect(value).toBe((threefry2x32(17, 3, 5, i)[0] >>> 8) / 2 ** 24);
    expect(narrow[i]).toBe(value);
  });
});
