/** Perplexity, accuracy and the scores of tags from sums and counts. */
import { expect, test } from 'vitest';
import {
  accuracy,
  bitsPerToken,
  metricValues,
  perplexity,
  tagScores,
} from '../../../../runtime/train/metrics.ts';

test('perplexity, bits and accuracy from sums', () => {
  const uniform = { sum: 10 * Math.log(8), count: 10 };
  expect(perplexity(uniform)).toBeCloseTo(8, 12);
  expect(bitsPerToken(uniform)).toBeCloseTo(3, 12);
  expect(accuracy({ sum: 3, count: 4 })).toBe(0.75);
});

test('values by label; a metric over nothing is left out', () => {
  const metrics = [
    { kind: 'nats', label: 'perplexity', sum: 'a', count: 'b' },
    { kind: 'accuracy', label: '__proto__', sum: 'c', count: 'd' },
    { kind: 'accuracy', label: 'tags.accuracy', sum: 'e', count: 'f' },
  ] as const;
  const values = metricValues(metrics, [
    { sum: 0, count: 2 },
    { sum: 1, count: 2 },
    { sum: 0, count: 0 },
  ]);
  expect(Object.entries(values)).toEqual([
    ['perplexity', 1],
    ['__proto__', 0.5],
  ]);
});

test('a span is right if its ends and its class are', () => {
  const expected = [['B-PER', 'I-PER', 'O', 'B-LOC', 'B-LOC']];
  expect(tagScores(expected, expected)).toEqual({ precision: 1, recall: 1, f1: 1 });
  // Found: PER 0-0 (wrong end), LOC 3-3 (right), LOC 4-4 (right), PER 2-2 (none there).
  const predicted = [['B-PER', 'O', 'B-PER', 'B-LOC', 'B-LOC']];
  expect(tagScores(expected, predicted)).toEqual({
    precision: 2 / 4,
    recall: 2 / 3,
    f1: (2 * (2 / 4) * (2 / 3)) / (2 / 4 + 2 / 3),
  });
  expect(tagScores([['O']], [['O']])).toEqual({ precision: 0, recall: 0, f1: 0 });
});

test('plain classes: a run of one class is a span', () => {
  const scores = tagScores([['1', '1', '0', '1']], [['1', '1', '0', '0']], '0');
  expect(scores).toMatchObject({ precision: 1, recall: 0.5 });
});
