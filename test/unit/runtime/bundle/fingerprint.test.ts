/** The hash that a bundle knows its files by. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fingerprint } from '../../../../runtime/bundle/fingerprint.ts';

const bytes = fc.uint8Array({ minLength: 4, maxLength: 200 });

it('differs where one byte does', () => {
  fc.assert(
    fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, at, by) => {
      const other = one.slice();
      const place = at % one.length;
      other[place] = (other[place] ?? 0) ^ by;
      expect(fingerprint(other)).not.toBe(fingerprint(one));
    }),
  );
});

it('differs for what is cut, or longer, or in another order', () => {
  fc.assert(
    fc.property(bytes, (one) => {
      const all = [one, one.subarray(0, one.length - 1), new Uint8Array([...one, 0])];
      const hashes = all.filter(({ length }) => length >= 4).map(fingerprint);
      expect(new Set(hashes).size).toBe(hashes.length);
    }),
  );
  const [a, b] = [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), Uint8Array.of(5, 6, 7, 8, 1, 2, 3, 4)];
  expect(fingerprint(a)).not.toBe(fingerprint(b));
});

it('is that of the bytes, wherever they lie', () => {
  const long = Uint8Array.from({ length: 32 }, (_, i) => i);
  expect(fingerprint(long.subarray(3, 17))).toBe(fingerprint(long.slice(3, 17)));
});
