/** Law: every pass keeps the numbers of the oracle, and running it again changes nothing more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differentiate } from '../../compiler/3-differentiate/reverse.ts';
import { passes, simplify } from '../../compiler/4-simplify/simplify.ts';
import { distance, drawer } from '../../compiler/verify/arrays.ts';
import { run } from '../support/central-differences.ts';
import { sizeOf } from '../support/graph-queries.ts';
import { randomGraph } from '../support/random-graphs.ts';
import { drawInputs, floatParameters } from '../support/recurrent-graphs.ts';

const drawn = fc.record({ seed: fc.nat(), size: fc.nat(8) });

it.each(passes.map((pass) => [pass.name, pass] as const))('%s', (_name, pass) => {
  fc.assert(
    fc.property(drawn, ({ seed, size }) => {
      const draw = drawer(seed);
      const forward = randomGraph(draw, size);
      const wrt = floatParameters(forward);
      const inputs = drawInputs(forward, draw, { batch: 3, time: 3, lengths: [2, 0, 3] });
      for (const graph of [forward, differentiate(forward, { loss: 'loss', wrt })]) {
        const passed = pass.run(graph);
        const found = run(passed, inputs);
        expect([...found.keys()]).toEqual(graph.results.map((r) => r.name));
        for (const [name, value] of run(graph, inputs)) {
          expect(distance(value, found.get(name) ?? { ...value, shape: [] })).toBeLessThan(1e-12);
        }
      }
    }),
    { seed: 21, numRuns: 60 },
  );
});

it('comes to rest', () => {
  fc.assert(
    fc.property(drawn, ({ seed, size }) => {
      const draw = drawer(seed);
      const forward = randomGraph(draw, size);
      const simple = simplify(differentiate(forward, { loss: 'loss', wrt: ['W', 'x'] }));
      expect(sizeOf(simplify(simple))).toBe(sizeOf(simple));
    }),
    { seed: 22, numRuns: 40 },
  );
});
