/** Faults in text, sampling and files of tensors. */
import type { Fault } from './fault.ts';

const vocabulary = ['test/unit/runtime/text/vocabulary.test.ts'];
const sampling = ['test/unit/runtime/text/sampling.test.ts', 'test/unit/cli-training'];
const tensors = ['test/unit/runtime/tensors'];

export const textFaults: readonly Fault[] = [
  {
    name: 'vocabulary-by-first-appearance',
    file: 'runtime/text/vocabulary.ts',
    find: 'countB - countA || compareCodePoints(a, b)',
    replace: 'countB - countA || compareCodePoints(a, a)',
    tests: vocabulary,
  },
  {
    name: 'vocabulary-of-two-too-many',
    file: 'runtime/text/vocabulary.ts',
    find: '(options.maxSize ?? Infinity) - 2)',
    replace: 'options.maxSize ?? Infinity)',
    tests: vocabulary,
  },
  {
    name: 'text-goes-on-after-its-end',
    file: 'runtime/text/vocabulary.ts',
    find: 'if (id === endId) break;',
    replace: 'if (id === endId) continue;',
    tests: vocabulary,
  },
  {
    name: 'temperature-the-wrong-way',
    file: 'runtime/text/sampling.ts',
    find: '(c.log - best.log) / options.temperature',
    replace: '(c.log - best.log) * options.temperature',
    tests: sampling,
  },
  {
    name: 'rows-draw-the-same-tokens',
    file: 'runtime/text/sampling.ts',
    find: 'threefry2x32(seed ^ samplingSite, row, samplingSite, step)',
    replace: 'threefry2x32(seed ^ samplingSite, 0 * row, samplingSite, step)',
    tests: sampling,
  },
  {
    name: 'unknown-token-is-drawn',
    file: 'runtime/text/sampling.ts',
    find: 'options.never ?? [unknownId]',
    replace: 'options.never ?? [-unknownId - 1]',
    tests: sampling,
  },
  {
    name: 'heading-is-an-example',
    file: 'runtime/text/datasets.ts',
    find: '(headed ? rows.slice(1) : rows)',
    replace: '(headed ? rows : rows)',
    tests: ['test/unit/runtime/text/datasets.test.ts'],
  },
  {
    name: 'half-precision-below-the-normal-numbers',
    file: 'runtime/tensors/half.ts',
    find: 'sign * fraction * 2 ** -24',
    replace: 'sign * fraction * 2 ** -25',
    tests: tensors,
  },
  {
    name: 'long-ids-lose-their-upper-half',
    file: 'runtime/tensors/convert.ts',
    find: 'if (high !== low >> 31) {',
    replace: 'if (high !== low >> 31 && high < 0) {',
    tests: tensors,
  },
];
