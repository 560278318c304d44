/** Law: on any graph, reverse mode agrees with central differences, stored or recomputed. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differentiate } from '../../compiler/3-differentiate/reverse.ts';
import { simplify } from '../../compiler/4-simplify/simplify.ts';
import { distance, drawer } from '../../compiler/verify/arrays.ts';
import { gradientError, run } from '../support/central-differences.ts';
import { randomGraph } from '../support/random-graphs.ts';
import { drawInputs, floatParameters } from '../support/recurrent-graphs.ts';

const graphs = fc.record({
  seed: fc.nat(),
  size: fc.nat(5),
  lengths: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
});

it('agrees with central differences', () => {
  fc.assert(
    fc.property(graphs, ({ seed, size, lengths }) => {
      const draw = drawer(seed);
      const graph = randomGraph(draw, size);
      const wrt = floatParameters(graph);
      const stored = differentiate(graph, { loss: 'loss', wrt });
      const recomputed = differentiate(graph, { loss: 'loss', wrt, residuals: 'recompute' });
      const inputs = drawInputs(graph, draw, { batch: lengths.length, time: 3, lengths });
      expect(gradientError(graph, stored, inputs, wrt)).toBeLessThan(1e-8);
      const expected = run(stored, inputs);
      for (const other of [recomputed, simplify(stored), simplify(recomputed)]) {
        const found = run(other, inputs);
        for (const [name, value] of expected) {
          const size = Math.max(1, ...value.data.map(Math.abs));
          expect(distance(value, found.get(name) ?? { ...value, shape: [] })).toBeLessThan(
            1e-12 * size,
          );
        }
      }
    }),
    { seed: 20, numRuns: 300 },
  );
});
