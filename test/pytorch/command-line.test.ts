/** A few of the comparisons with PyTorch once more, through the real command line and its files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toNdArrays } from '../../runtime/tensors/convert.ts';
import { readSafetensors } from '../../runtime/tensors/safetensors.ts';
import { gatework } from '../support/command-line.ts';
import { describeCase, stageCases, stageSpec } from './cases.ts';
import { computeReference, differences, whyNoTorch, type Reference } from './reference.ts';

const missing = whyNoTorch();

/** The last of each cell: four layers, both directions, packed, with states and biases. */
const cases = stageCases().filter((_, i) => i % 64 === 63);

describe('gatework grad agrees with PyTorch', () => {
  let reference: Reference;
  beforeAll(() => {
    if (missing === undefined) reference = computeReference(cases);
  });
  afterAll(() => {
    if (missing === undefined) reference.remove();
  });

  for (const c of cases) {
    it(describeCase(c), (context) => {
      if (missing !== undefined) context.skip(missing);
      const output = join(reference.folder, 'out.safetensors');
      const files = [
        ...['--weights', reference.file(c.name, 'weights')],
        ...['--input', reference.file(c.name, 'input')],
        ...['--output', output],
      ];
      const { status, stderr } = gatework('grad', stageSpec(c), ...files, '--dtype', 'f64');
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const found = toNdArrays(readSafetensors(readFileSync(output), output).tensors);
      expect(differences(found, reference.arrays(c.name, 'expected'), 1e-9)).toEqual([]);
    });
  }
});
