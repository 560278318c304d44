/** The accuracy rule in numbers: what is allowed, what is exempt, and where the error is. */
import { describe, expect, it } from 'vitest';
import { inaccuracies, judged, multipleOf, roomsOf } from '../../../compiler/verify/accuracy.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';

const one = (...numbers: readonly number[]) => new Map([['y', floats([numbers.length], numbers)]]);

describe('the accuracy rule', () => {
  it('allows eight times the error of f32, and four ulp of the scale', () => {
    const rooms = roomsOf([one(1 + 1e-6, 0.5)], one(1, 0.5));
    expect(rooms.get('y')?.allowed).toBeCloseTo(8e-6 + 4 * 2 ** -23, 12);
  });

  it('tells the error as a multiple of what is allowed, and where it is', () => {
    const rooms = roomsOf([one(1, 0.5)], one(1, 0.5));
    const [found] = judged(one(1, 0.5 + 8 * 2 ** -23), rooms);
    expect(found).toMatchObject({ name: 'y', at: 1 });
    expect(found && multipleOf(found)).toBeCloseTo(2, 6);
    expect(found?.wrong).toContain('y is off by');
  });

  it('has NaN and infinities agree', () => {
    expect(inaccuracies(one(NaN), [one(NaN)], one(NaN))).toEqual([]);
    expect(inaccuracies(one(1), [one(NaN)], one(NaN))).toHaveLength(1);
    expect(inaccuracies(one(-Infinity), [one(Infinity)], one(Infinity))).toHaveLength(1);
  });

  it('judges nothing where f32 overflows, and the elements beside it all the same', () => {
    expect(inaccuracies(one(3, 1), [one(Infinity, 1)], one(1e60, 1))).toEqual([]);
    expect(inaccuracies(one(3, 2), [one(Infinity, 1)], one(1e60, 1))).toHaveLength(1);
  });

  it('leaves integers no room', () => {
    const exact = new Map([['n', ints([2], [1, 2])]]);
    expect(inaccuracies(new Map([['n', ints([2], [1, 3])]]), [exact], exact)).toEqual([
      'n[1] is 3, not 2',
    ]);
  });

  it('misses results, and sees other shapes', () => {
    expect(inaccuracies(new Map(), [one(1)], one(1))).toEqual(['y is missing']);
    expect(inaccuracies(one(1, 1), [one(1)], one(1))).toEqual(['y has shape [2], not [1]']);
  });
});
