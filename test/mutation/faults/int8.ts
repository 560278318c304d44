/** Faults in weights of 8 bits: their codes, their scales, and the products that read them. */
import type { Fault } from './fault.ts';

const codes = ['test/unit/runtime/tensors/int8.test.ts'];
const bundles = ['test/bundle/int8.test.ts'];
const schedule = 'compiler/5-schedule';

export const int8Faults: readonly Fault[] = [
  {
    name: 'int8-scale-rounded-down',
    file: 'runtime/tensors/int8.ts',
    find: 'if (scale() * most8 < most) step(1);',
    replace: '',
    tests: codes,
  },
  {
    name: 'int8-largest-becomes-infinite',
    file: 'runtime/tensors/int8.ts',
    find: 'if (!Number.isFinite(Math.fround(scale() * most8))) step(-1);',
    replace: '',
    tests: codes,
  },
  {
    name: 'int8-codes-read-from-rounded-down-quotients',
    file: `${schedule}/codes.ts`,
    find: 'k.float(0.5)',
    replace: 'k.float(0)',
    tests: bundles,
  },
  {
    name: 'int8-scales-of-all-gates-from-the-first',
    file: `${schedule}/panel.ts`,
    find: 'evaluator.at(node, [k.add(column, k.int(offset))])',
    replace: 'evaluator.at(node, [k.add(column, k.int(0 * offset))])',
    tests: bundles,
  },
  {
    name: 'int8-scales-too-small-to-be-exact',
    file: `${schedule}/scales.ts`,
    find: 'export const leastScale = 2 ** -102;',
    replace: 'export const leastScale = 2 ** -149;',
    tests: bundles,
  },
  {
    name: 'int8-codes-lie-where-sizes-move-them',
    file: `${schedule}/panel.ts`,
    find: "    arena: 'f32',\n",
    replace: '',
    tests: bundles,
  },
  {
    name: 'int8-infinity-is-stored',
    file: 'compiler/cli/bundle/weights-file.ts',
    find: 'refuse(precision, name, array, (i) => !Number.isFinite(single[i]));',
    replace: '',
    tests: bundles,
  },
];
