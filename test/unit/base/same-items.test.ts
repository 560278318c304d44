/** Lists that stay the same object where nothing changes. */
import { expect, test } from 'vitest';
import { mapSame, sameItems } from '../../../compiler/base/same-items.ts';

test('a list of which no item changes is itself', () => {
  const items = [1, 2, 3];
  expect(mapSame(items, (n) => n)).toBe(items);
});

test('one change gives a new list, in order, and leaves the old one alone', () => {
  const items = [1, 2, 3, 4];
  expect(mapSame(items, (n) => (n === 2 ? 20 : n))).toEqual([1, 20, 3, 4]);
  expect(mapSame(items, (n) => (n === 1 ? 10 : n))).toEqual([10, 2, 3, 4]);
  expect(items).toEqual([1, 2, 3, 4]);
});

test('items are compared as objects', () => {
  const [x, y] = [{ n: 1 }, { n: 1 }];
  expect(sameItems([x, y], [x, y])).toBe(true);
  expect(sameItems([x, y], [x, x])).toBe(false);
  expect(sameItems([x], [x, y])).toBe(false);
});
