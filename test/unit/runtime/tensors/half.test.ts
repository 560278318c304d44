/** Numbers in binary16, there and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from '../../../../runtime/tensors/half.ts';

describe('binary16', () => {
  it('keeps every number that it has', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (Number.isNaN(value)) expect(fromHalf(toHalf(value))).toBeNaN();
      else expect(toHalf(value)).toBe(bits);
    }
  });

  it('takes the nearest one, and of two as near the even one', () => {
    fc.assert(
      fc.property(fc.double({ min: -65519, max: 65519, noNaN: true }), (value) => {
        const bits = toHalf(value);
        const off = Math.abs(fromHalf(bits) - value);
        for (const near of [bits - 1, bits + 1]) {
          const other = Math.abs(fromHalf(near & 0xffff) - value);
          if (Number.isNaN(other)) continue;
          expect(other).toBeGreaterThanOrEqual(off);
          if (other === off && fromHalf(near) !== fromHalf(bits)) expect(bits % 2).toBe(0);
        }
      }),
    );
    expect(fromHalf(toHalf(65519))).toBe(65504);
    expect(fromHalf(toHalf(65520))).toBe(Infinity);
    expect(fromHalf(toHalf(2 ** -25))).toBe(0);
    expect(fromHalf(toHalf(2 ** -25 * 1.001))).toBe(2 ** -24);
  });
});
