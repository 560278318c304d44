/**
 * One recurrent stage against PyTorch in f64: outputs, final states, and the gradients of weights,
 * input and initial states, in PyTorch's names and layout, all to 1e-9.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeGrad, computeRun } from '../../compiler/cli/compute.ts';
import { describeCase, stageCases, stageSpec, taggerCase, taggerSpec } from './cases.ts';
import { modelOf, oracle } from './models.ts';
import { computeReference, differences, whyNoTorch, type Reference } from './reference.ts';

const missing = whyNoTorch();

describe('one recurrent stage agrees with PyTorch', () => {
  let reference: Reference;
  beforeAll(() => {
    if (missing === undefined) reference = computeReference([...stageCases(), taggerCase]);
  });
  afterAll(() => {
    if (missing === undefined) reference.remove();
  });

  for (const c of stageCases()) {
    it(describeCase(c), async (context) => {
      if (missing !== undefined) context.skip(missing);
      const request = {
        engine: oracle,
        input: reference.stored(c.name, 'input'),
        weights: reference.stored(c.name, 'weights'),
      };
      const expected = reference.arrays(c.name, 'expected');
      const found = await computeGrad(modelOf(stageSpec(c)), request);
      expect(differences(found, expected, 1e-9)).toEqual([]);
      const answers = new Map([...expected].filter(([name]) => !/^(d\/|loss)/.test(name)));
      // What `run` computes is part of that; every fourth case shows that it is.
      if (c.seed % 4 !== 0) return;
      const run = await computeRun(modelOf(stageSpec(c)), request);
      expect(differences(run, answers, 1e-9)).toEqual([]);
      expect([...run.keys()].sort()).toEqual([...answers.keys()].sort());
    });
  }

  it('several stages under prefixes that are not our paths', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const found = await computeGrad(modelOf(taggerSpec), {
      engine: oracle,
      input: reference.stored('tagger', 'input'),
      weights: reference.stored('tagger', 'weights'),
    });
    expect(differences(found, reference.arrays('tagger', 'expected'), 1e-9)).toEqual([]);
  });
});
