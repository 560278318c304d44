/** Class labels to ids and back. */
import { expect, test } from 'vitest';
import { Labels } from '../../../../runtime/text/labels.ts';
import { faultOf } from '../../../support/fault.ts';

test('ids by first appearance or by name', () => {
  const seen = ['O', 'PER', 'O', 'LOC'];
  expect(Labels.build(seen).names).toEqual(['O', 'PER', 'LOC']);
  const sorted = Labels.build(seen, 'sorted');
  expect(sorted.names).toEqual(['LOC', 'O', 'PER']);
  expect(sorted.id('PER', 'x')).toBe(2);
  expect(sorted.name(2)).toBe('PER');
});

test('an unseen label names the place and the nearest known one', () => {
  const labels = Labels.build(['positive', 'negative', '__proto__']);
  const fault = faultOf(() => labels.id('positiv', 'reviews.tsv: line 7'));
  expect(fault.code).toBe('R7205');
  expect(fault.message).toContain('reviews.tsv: line 7');
  expect(fault.hint).toBe('did you mean positive?');
  expect(faultOf(() => labels.id('toString', 'a')).code).toBe('R7205');
  expect(faultOf(() => labels.id('4', 'a')).hint).toBe('known: positive, negative, __proto__');
});

test('JSON comes back; anything else is refused', () => {
  const labels = Labels.build(['b', 'a']);
  expect(Labels.fromJSON(JSON.parse(JSON.stringify(labels)), 'l.json')).toEqual(labels);
  for (const wrong of [{}, ['a', 'a'], [1], null]) {
    expect(faultOf(() => Labels.fromJSON(wrong, 'l.json')).code).toBe('R7204');
  }
  expect(faultOf(() => labels.name(2)).code).toBe('R7206');
});
