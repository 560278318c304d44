/** First weights: the spread of each kind, block by block. */
import { describe, expect, test } from 'vitest';
import { initialize, type WeightInitializer } from '../../../../runtime/train/initialize.ts';
import { faultOf } from '../../../support/fault.ts';

const range = (values: Float64Array): { low: number; high: number; deviation: number } => ({
  low: values.reduce((a, b) => Math.min(a, b), Infinity),
  high: values.reduce((a, b) => Math.max(a, b), -Infinity),
  deviation: Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length),
});

describe('initialize', () => {
  test('constants and the identity', () => {
    expect(initialize([3], { kind: 'zeros' }, 1, 0)).toEqual(new Float64Array(3));
    expect(initialize([2], { kind: 'ones' }, 1, 0)).toEqual(Float64Array.of(1, 1));
    expect(initialize([], { kind: 'constant', value: 5 }, 1, 0)).toEqual(Float64Array.of(5));
    expect(initialize([2, 3], { kind: 'identity' }, 1, 0)).toEqual(
      Float64Array.of(1, 0, 0, 0, 1, 0),
    );
  });

  test('uniform and Glorot fill their range', () => {
    const uniform = range(initialize([100, 50], { kind: 'uniform', low: 2, high: 3 }, 1, 0));
    expect(uniform.low).toBeGreaterThanOrEqual(2);
    expect(uniform.low).toBeLessThan(2.01);
    expect(uniform.high).toBeLessThan(3);
    const limit = Math.sqrt(6 / 150);
    const glorot = range(initialize([100, 50], { kind: 'glorot' }, 1, 0));
    expect(glorot.high).toBeLessThan(limit);
    expect(glorot.high).toBeGreaterThan(0.99 * limit);
    expect(glorot.low).toBeGreaterThanOrEqual(-limit);
    expect(glorot.deviation).toBeCloseTo(limit / Math.sqrt(3), 2);
  });

  test('normal and He have their deviation', () => {
    const normal = range(initialize([100, 50], { kind: 'normal', deviation: 0.3 }, 1, 0));
    expect(normal.deviation).toBeCloseTo(0.3, 1);
    const he = range(initialize([400, 50], { kind: 'he' }, 1, 0));
    expect(Math.abs(he.deviation / Math.sqrt(2 / 50) - 1)).toBeLessThan(0.03);
  });

  test('orthogonal with a gain', () => {
    const matrix = initialize([8, 8], { kind: 'orthogonal', gain: 2 }, 1, 0);
    const row = matrix.subarray(0, 8).reduce((sum, v) => sum + v * v, 0);
    expect(row).toBeCloseTo(4, 12);
  });

  test('blocks stand side by side, each by its own fan-in', () => {
    const blocks: WeightInitializer = {
      kind: 'blocks',
      blocks: [
        { columns: 4, initializer: { kind: 'orthogonal', gain: 1 } },
        { columns: 2, initializer: { kind: 'constant', value: 7 } },
        { columns: 300, initializer: { kind: 'glorot' } },
      ],
    };
    const matrix = initialize([4, 306], blocks, 1, 0);
    for (let r = 0; r < 4; r++) {
      const row = matrix.subarray(r * 306, (r + 1) * 306);
      expect(row.subarray(0, 4).reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 12);
      expect([...row.subarray(4, 6)]).toEqual([7, 7]);
      expect(range(row.subarray(6)).high).toBeLessThan(Math.sqrt(6 / 304));
    }
    const wrong = faultOf(() => initialize([4, 5], blocks, 1, 0));
    expect(wrong.code).toBe('R7308');
  });

  test('equal blocks of one weight draw other numbers', () => {
    const block = { columns: 3, initializer: { kind: 'glorot' } } as const;
    const matrix = initialize([1, 6], { kind: 'blocks', blocks: [block, block] }, 1, 0);
    expect([...matrix.subarray(0, 3)]).not.toEqual([...matrix.subarray(3)]);
  });

  test('a function of seed and site alone', () => {
    const draw = (seed: number, site: number): Float64Array =>
      initialize([5, 5], { kind: 'normal', deviation: 1 }, seed, site);
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(1, 3));
    expect(draw(1, 2)).not.toEqual(draw(2, 2));
  });
});
