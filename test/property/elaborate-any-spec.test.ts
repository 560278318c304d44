/**
 * Law: whatever a spec says, it yields a model that verifies and can be differentiated, or
 * diagnostics whose places lie in their texts; never a throw.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile, gradientGraph } from '../../compiler/pipeline.ts';
import { brokenSpecs } from '../support/specs.ts';
import { mutatedSpec } from './arbitraries/mutations.ts';

function check(name: string, text: string): boolean {
  const mode = 'training';
  const { model, diagnostics } = compile({ name, text }, { mode });
  for (const { primary, secondary } of diagnostics) {
    for (const label of primary === undefined ? secondary : [primary, ...secondary]) {
      const { start, end, source } = label.span;
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(source.text.length);
    }
  }
  expect(model === undefined).toBe(diagnostics.some((d) => d.severity === 'error'));
  if (model !== undefined) gradientGraph(model);
  return model !== undefined;
}

it('a spec with words changed never throws', { timeout: 240_000 }, () => {
  let models = 0;
  fc.assert(
    fc.property(mutatedSpec, (text) => {
      if (check('spec.gate', text)) models++;
    }),
    { seed: 601, numRuns: 1000 },
  );
  // Some changes do no harm: both outcomes occur.
  expect(models).toBeGreaterThan(40);
  expect(models).toBeLessThan(700);
});

it('a broken text never throws', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(brokenSpecs(), ({ name, text }) => {
      check(name, text);
    }),
    { seed: 602, numRuns: 1000 },
  );
});
