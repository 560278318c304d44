/** CTC against PyTorch in f64: the loss and its gradient by the unnormalised outputs, to 1e-9. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeGrad } from '../../compiler/cli/compute.ts';
import { ctcCases, ctcSpec } from './cases.ts';
import { modelOf, oracle } from './models.ts';
import { computeReference, differences, whyNoTorch, type Reference } from './reference.ts';

const missing = whyNoTorch();

describe('CTC agrees with PyTorch', () => {
  let reference: Reference;
  beforeAll(() => {
    if (missing === undefined) reference = computeReference(ctcCases);
  });
  afterAll(() => {
    if (missing === undefined) reference.remove();
  });

  for (const c of ctcCases) {
    it(`${c.targetLengths.join(', ')} labels in ${c.lengths.join(', ')} steps`, async (context) => {
      if (missing !== undefined) context.skip(missing);
      const found = await computeGrad(modelOf(ctcSpec(c)), {
        engine: oracle,
        input: reference.stored(c.name, 'input'),
      });
      const expected = new Map(reference.arrays(c.name, 'expected'));
      expected.delete('rows');
      expect(differences(found, expected, 1e-9)).toEqual([]);
    });
  }
});
