/** Numbers as codes of 8 bits and scales: what they are off by, and what they keep. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt8, toInt8 } from '../../../../runtime/tensors/int8.ts';

/** Rows of equal lengths, of finite f32 of any size. */
const matrices = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 9 }))
  .chain(([rows, width]) =>
    fc.tuple(
      fc.constant(rows),
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
        minLength: rows * width,
        maxLength: rows * width,
      }),
    ),
  );

const largest = (2 - 2 ** -23) * 2 ** 127;
const smallest = 2 ** -149;

describe('codes of 8 bits', () => {
  it('are off by half a scale at most', () => {
    fc.assert(
      fc.property(matrices, ([rows, values]) => {
        const { codes, scales } = toInt8(values, rows);
        expect([codes.length, scales.length]).toEqual([values.length, rows]);
        values.forEach((value, i) => {
          const scale = scales[Math.floor((i * rows) / values.length)] ?? NaN;
          // Near the largest f32 there is no larger scale: 127 of one fall short by its last bit.
          const slack = Math.abs(value) > largest * 0.99 ? 127 * scale * 2 ** -23 : 0;
          expect(Math.abs(value - (codes[i] ?? NaN) * scale)).toBeLessThanOrEqual(
            scale / 2 + slack,
          );
        });
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('give f32 that are finite, each rounded once', () => {
    fc.assert(
      fc.property(matrices, ([rows, values]) => {
        const { codes, scales } = toInt8(values, rows);
        const numbers = fromInt8(codes, scales);
        const rounded = values.map((_, i) => {
          const scale = scales[Math.floor((i * rows) / values.length)] ?? NaN;
          return Math.fround((codes[i] ?? NaN) * scale);
        });
        expect([...numbers]).toEqual(rounded);
        expect(rounded.every((number) => Number.isFinite(number) && !Object.is(number, -0))).toBe(
          true,
        );
      }),
      { numRuns: 1000, seed: 2 },
    );
  });

  it('keep each row apart, a row of zeros too', () => {
    const { codes, scales } = toInt8([0, -0, 1e-20, -2e-20, 4e30, -1e30], 3);
    expect([...codes]).toEqual([0, 0, 63, -127, 127, -32]);
    expect(scales[0]).toBe(0);
    expect([...fromInt8(codes, scales)].slice(0, 2)).toEqual([0, 0]);
    expect(fromInt8(codes, scales)[3]).toBeCloseTo(-2e-20, 25);
  });

  it.each([
    ['the largest', largest, 127],
    ['the smallest', smallest, 1],
    ['some of the smallest', 127 * smallest, 127],
    ['a few more of them', 190 * smallest, 95],
  ])('hold %s number', (_, value, code) => {
    const { codes, scales } = toInt8([value, -value], 2);
    expect([...codes]).toEqual([code, -code]);
    const [back = NaN] = fromInt8(codes, scales);
    expect(Math.abs(back - value)).toBeLessThanOrEqual((scales[0] ?? 0) / 2);
  });

  it('that are made again of what they stand for are worth the same', () => {
    fc.assert(
      fc.property(matrices, ([rows, values]) => {
        const first = toInt8(values, rows);
        const again = toInt8(fromInt8(first.codes, first.scales), rows);
        expect(again.codes).toEqual(first.codes);
      }),
      { numRuns: 1000, seed: 3 },
    );
  });
});
