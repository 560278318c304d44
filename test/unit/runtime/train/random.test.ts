/** Streams, permutations and normal deviates from a seed. */
import { expect, test } from 'vitest';
import {
  checkSeed,
  normalFill,
  permutation,
  RandomStream,
} from '../../../../runtime/train/random.ts';
import { faultOf } from '../../../support/fault.ts';

test('the same place repeats, each other seed, step or site differs', () => {
  const draw = (seed: number, step: number, site: number): number[] => {
    const random = new RandomStream(seed, step, site);
    return [random.uniform(), random.word(), random.below(1000)];
  };
  expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
  const others = [
    draw(1, 2, 3),
    draw(2, 2, 3),
    draw(1, 3, 3),
    draw(1, 2, 4),
    draw(1, 2, 0x80000001),
  ];
  expect(new Set(others.map((d) => d[0])).size).toBe(5);
});

test('below is fair and within its limit', () => {
  const random = new RandomStream(3, 0, 0);
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 6000; i++) {
    const drawn = random.below(6);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  expect(counts).toHaveLength(6);
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('permutations hold each number once, and each order of three as often', () => {
  const random = new RandomStream(4, 0, 0);
  expect([...permutation(50, random)].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, i) => i),
  );
  const orders = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = permutation(3, random).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  expect(orders.size).toBe(6);
  for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
});

test('normal deviates have the moments of a normal distribution', () => {
  const values = new Float64Array(20_001);
  normalFill(values, 2, new RandomStream(5, 0, 0));
  const moment = (power: number): number =>
    values.reduce((sum, v) => sum + (v / 2) ** power, 0) / values.length;
  expect(moment(1)).toBeCloseTo(0, 1);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(moment(3)).toBeCloseTo(0, 1);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
  expect(values.every(Number.isFinite)).toBe(true);
});

test('seeds are 31 bits', () => {
  expect(() => checkSeed(0)).not.toThrow();
  expect(() => checkSeed(2 ** 31 - 1)).not.toThrow();
  for (const seed of [-1, 2 ** 31, 0.5, NaN]) {
    expect(faultOf(() => checkSeed(seed)).code).toBe('R7309');
  }
});
