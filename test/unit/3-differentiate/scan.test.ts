/** Back-propagation through time against central differences, in f64. */
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../../compiler/3-differentiate/reverse.ts';
import { simplify } from '../../../compiler/4-simplify/simplify.ts';
import { distance, drawer } from '../../../compiler/verify/arrays.ts';
import { gradientError, run } from '../../support/central-differences.ts';
import {
  drawInputs,
  floatParameters,
  recurrentGraph,
  type CellKind,
} from '../../support/recurrent-graphs.ts';

const sizes = [
  { batch: 3, time: 4, lengths: [4, 0, 2] },
  { batch: 1, time: 1, lengths: [1] },
  { batch: 2, time: 3, lengths: [1, 3] },
];

const cells: readonly CellKind[] = ['rnn', 'gru', 'lstm'];

describe.each(cells)('%s', (cell) => {
  for (const [lengths, reverse] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    it(`agrees with differences, lengths ${lengths}, reverse ${reverse}`, () => {
      const graph = recurrentGraph({ cell, lengths, reverse, layers: 2 });
      const wrt = floatParameters(graph);
      const stored = differentiate(graph, { loss: 'loss', wrt });
      const simple = simplify(stored);
      const again = differentiate(graph, { loss: 'loss', wrt, residuals: 'recompute' });
      for (const size of sizes) {
        const inputs = drawInputs(graph, drawer(7), size);
        expect(gradientError(graph, stored, inputs, wrt)).toBeLessThan(1e-9);
        const expected = run(stored, inputs);
        for (const other of [simple, again, simplify(again)]) {
          const found = run(other, inputs);
          for (const [name, value] of expected) {
            const actual = found.get(name);
            expect(actual && distance(actual, value)).toBeLessThan(1e-12);
          }
        }
      }
    });
  }
});
