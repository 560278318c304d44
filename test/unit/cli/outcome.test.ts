/** The figures that a run leaves on the terminal: always four, shares in per cent. */
import { expect, test } from 'vitest';
import { figures } from '../../../compiler/cli/training/outcome.ts';

test('figures keep their zeros', () => {
  const metrics = { accuracy: 0.345, perplexity: 11.0001, 'tags.accuracy': 1 };
  expect(figures(2.06, metrics)).toBe(
    '2.060, accuracy 34.5%, perplexity 11.00, tags.accuracy 100.0%',
  );
});

test('figures of any size can be read', () => {
  expect(figures(0, { perplexity: 12_345.6 })).toBe('0.000, perplexity 12346');
  expect(figures(4.4e-4, { perplexity: Infinity })).toBe('0.0004400, perplexity Infinity');
});
