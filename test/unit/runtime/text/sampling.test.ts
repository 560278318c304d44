/** Draws from a softmax: temperature, top-k, what is never drawn, and the seed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawToken } from '../../../../runtime/text/sampling.ts';
import { faultOf } from '../../../support/fault.ts';

const draws = (
  probabilities: number[],
  options: Parameters<typeof drawToken>[1],
  count = 4000,
): number[] => {
  const counts = probabilities.map(() => 0);
  for (let row = 0; row < count; row++) {
    const id = drawToken(probabilities, options, { seed: 5, row, step: 3 });
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts.map((n) => n / count);
};

describe('drawToken', () => {
  test('draws in proportion, never <UNK>', () => {
    const [unknown, ...shares] = draws([0.5, 0.1, 0.15, 0.25], { temperature: 1 });
    expect(unknown).toBe(0);
    [0.2, 0.3, 0.5].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 1));
  });

  test('temperature sharpens and flattens: shares are those of p^(1/temperature)', () => {
    const shares = draws([0, 0.8, 0.2], { temperature: 0.5 });
    expect(shares[1]).toBeCloseTo(0.64 / 0.68, 1);
    const flat = draws([0, 0.8, 0.2], { temperature: 1e6 });
    expect(flat[1]).toBeCloseTo(0.5, 1);
  });

  test('a very low temperature does not underflow; 0 takes the best, the first of equals', () => {
    expect(draws([0, 0.3, 0.7], { temperature: 1e-6 }, 50)[2]).toBe(1);
    expect(draws([0.9, 0.3, 0.35, 0.35], { temperature: 0 }, 50)[2]).toBe(1);
  });

  test('top-k leaves only the k best', () => {
    const shares = draws([0, 0.2, 0.3, 0.4, 0.1], { temperature: 1, topK: 2 });
    expect([shares[1], shares[4]]).toEqual([0, 0]);
    expect(shares[3]).toBeCloseTo(4 / 7, 1);
  });

  test('the same place draws the same token, other places others', () => {
    const flat = Array.from({ length: 100 }, () => 0.01);
    const at = (row: number, step: number, seed = 1): number =>
      drawToken(flat, { temperature: 1 }, { seed, row, step });
    expect(at(2, 3)).toBe(at(2, 3));
    const many = new Set(Array.from({ length: 50 }, (_, i) => at(0, i)));
    expect(many.size).toBeGreaterThan(20);
    expect([at(0, 1), at(0, 2), at(0, 3)]).not.toEqual([at(0, 1, 2), at(0, 2, 2), at(0, 3, 2)]);
  });

  test('only what has a probability is drawn', () => {
    const probability = fc.oneof(fc.constant(0), fc.constant(NaN), fc.double({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(probability, { minLength: 1 }), fc.nat(), (probabilities, seed) => {
        const possible = probabilities.some((p, id) => id > 0 && p > 0);
        const draw = (): number =>
          drawToken(probabilities, { temperature: 0.9 }, { seed, row: 0, step: 0 });
        if (!possible) expect(faultOf(draw).code).toBe('R7208');
        else expect(probabilities[draw()]).toBeGreaterThan(0);
      }),
      { seed: 41 },
    );
  });

  test.each([
    { temperature: -1 },
    { temperature: NaN },
    { temperature: 1, topK: 0 },
    { temperature: 1, topK: 1.5 },
  ])('refuses %j', (options) => {
    const draw = (): number => drawToken([0, 1], options, { seed: 0, row: 0, step: 0 });
    expect(faultOf(draw).code).toBe('R7208');
  });
});
