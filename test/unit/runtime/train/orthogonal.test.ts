/** Orthogonal matrices: exact, well mixed, in both shapes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomOrthogonal } from '../../../../runtime/train/orthogonal.ts';
import { RandomStream } from '../../../../runtime/train/random.ts';

const draw = (rows: number, columns: number, seed = 1): Float64Array =>
  randomOrthogonal(rows, columns, new RandomStream(seed, 0, 0));

/** Largest entry of A Aᵀ - I (rows) or AᵀA - I (columns), whichever is smaller. */
function distanceFromOrthonormal(matrix: Float64Array, rows: number, columns: number): number {
  const wide = rows <= columns;
  const [count, length] = wide ? [rows, columns] : [columns, rows];
  const at = (i: number, k: number): number =>
    (wide ? matrix[i * columns + k] : matrix[k * columns + i]) ?? NaN;
  let worst = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < length; k++) sum += at(i, k) * at(j, k);
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

test('rows or columns are orthonormal to 1e-12, whatever the shape', () => {
  const size = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(size, size, fc.nat(), (rows, columns, seed) => {
      const matrix = draw(rows, columns, seed);
      expect(matrix).toHaveLength(rows * columns);
      expect(distanceFromOrthonormal(matrix, rows, columns)).toBeLessThan(1e-12);
    }),
    { seed: 51, numRuns: 60 },
  );
});

test('512 × 2048 both ways: orthonormal, and its entries spread like normal deviates', () => {
  for (const [rows, columns] of [
    [512, 2048],
    [2048, 512],
  ] as const) {
    const matrix = draw(rows, columns);
    expect(distanceFromOrthonormal(matrix.slice(0, 64 * columns), 64, columns)).toBeLessThan(
      rows === 512 ? 1e-12 : 1,
    );
    // Entries of a uniformly drawn one have variance 1 over the longer side.
    const scale = Math.sqrt(2048);
    const fourth = matrix.reduce((sum, v) => sum + (v * scale) ** 4, 0) / matrix.length;
    expect(Math.abs(fourth - 3)).toBeLessThan(0.1);
    expect(matrix.reduce((most, v) => Math.max(most, Math.abs(v)), 0) * scale).toBeLessThan(7);
  }
  const tall = draw(2048, 512);
  let product = 0;
  let square = 0;
  for (let r = 0; r < 2048; r++) {
    product += (tall[r * 512 + 3] ?? 0) * (tall[r * 512 + 400] ?? 0);
    square += (tall[r * 512 + 400] ?? 0) ** 2;
  }
  expect(Math.abs(product)).toBeLessThan(1e-12);
  expect(Math.abs(square - 1)).toBeLessThan(1e-12);
});

test('every entry has mean 0 over many draws, the diagonal too', () => {
  const sums = new Float64Array(9);
  for (let seed = 0; seed < 2000; seed++)
    draw(3, 3, seed).forEach((v, i) => (sums[i] = (sums[i] ?? 0) + v));
  for (const sum of sums) expect(Math.abs(sum / 2000)).toBeLessThan(0.06);
});

test('the same stream gives the same bits', () => {
  expect(draw(20, 30, 9)).toEqual(draw(20, 30, 9));
  expect(draw(20, 30, 9)).not.toEqual(draw(20, 30, 8));
});
