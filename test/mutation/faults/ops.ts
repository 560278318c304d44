/** Faults in primitives: derivatives, forms over all steps, what one element is. */
import type { Fault } from './fault.ts';

const derivative = ['test/property/op-vjp.test.ts', 'test/unit/ops'];
const stacked = ['test/property/op-stack.test.ts', 'test/property/op-vjp.test.ts'];
const lowered = ['test/property/op-lower.test.ts'];

export const opFaults: readonly Fault[] = [
  {
    name: 'concat-slices-cotangents-from-the-last-part',
    file: 'compiler/ops/concat.ts',
    find: '      start = addDims(start, length);',
    replace: '      start = length;',
    tests: derivative,
  },
  {
    name: 'pad-takes-its-cotangent-from-the-wrong-end',
    file: 'compiler/ops/pad.ts',
    find: "const before = dimAttribute('pad', attributes, 'before');\n    const length",
    replace: "const before = dimAttribute('pad', attributes, 'after');\n    const length",
    tests: derivative,
  },
  {
    name: 'transpose-is-its-own-inverse',
    file: 'compiler/ops/transpose.ts',
    find: 'permutation.map((_, axis) => permutation.indexOf(axis));',
    replace: 'permutation.map((axis) => axis);',
    tests: derivative,
  },
  {
    name: 'max-gives-equals-two-cotangents',
    file: 'compiler/ops/max.ts',
    find: 'build.select(b, build.lessEqual(b, y, x), build.constant(b, 0), dz)',
    replace: 'build.select(b, build.less(b, y, x), build.constant(b, 0), dz)',
    tests: derivative,
  },
  {
    name: 'quotient-by-its-divisor-without-the-sign',
    file: 'compiler/ops/div.ts',
    find: 'build.neg(b, build.mul(b, build.div(b, dz, y), z))',
    replace: 'build.mul(b, build.div(b, dz, y), z)',
    tests: derivative,
  },
  {
    name: 'power-of-zero-has-a-slope-of-nan',
    file: 'compiler/ops/pow.ts',
    find: 'build.select(b, build.equal(b, y, zero), zero, slope)',
    replace: 'slope',
    tests: derivative,
  },
  {
    name: 'erf-forgets-its-factor',
    file: 'compiler/ops/erf.ts',
    find: 'build.mul(b, build.constant(b, twoOverRootPi), slope)',
    replace: 'slope',
    tests: derivative,
  },
  {
    name: 'dot-brings-contracted-axes-back-unsorted',
    file: 'compiler/ops/dot.ts',
    find: '    .sort((p, q) => p.axis - q.axis)\n',
    replace: '',
    tests: derivative,
  },
  {
    name: 'dot-over-all-steps-puts-time-first',
    file: 'compiler/ops/dot-stack.ts',
    find: 'const before = isFree(0) ? 1 : 0;',
    replace: 'const before = 0;',
    tests: stacked,
  },
  {
    name: 'select-over-all-steps-does-not-repeat',
    file: 'compiler/ops/elementwise.ts',
    find: 'const axes = [0, ...rest.map((_, i) => i + 2)];',
    replace: 'const axes = [1, ...rest.map((_, i) => i + 2)];',
    tests: stacked,
  },
  {
    name: 'gather-forgets-a-batch-of-tables',
    file: 'compiler/ops/gather.ts',
    find: 'const row = Math.floor(i / perBatch) * rows + id;',
    replace: 'const row = id;',
    tests: ['test/unit/ops', ...lowered],
  },
  {
    name: 'reverse-takes-one-element-too-many',
    file: 'compiler/ops/reverse.ts',
    find: 'select(less(t, length), x(',
    replace: 'select(less(sub(t, int(1)), length), x(',
    tests: lowered,
  },
  {
    name: 'pad-reads-before-its-beginning',
    file: 'compiler/ops/pad.ts',
    find: 'and(lessEqual(context.size(before), place), less(place, end))',
    replace: 'less(place, end)',
    tests: lowered,
  },
  {
    name: 'arg-max-takes-the-last-of-equals',
    file: 'compiler/ops/arg-max.ts',
    find: 'const larger = less(largest, value);',
    replace: "const larger = unary('not', less(value, largest));",
    tests: lowered,
  },
  {
    name: 'broadcast-back-sums-the-kept-axes',
    file: 'compiler/ops/broadcast.ts',
    find: '.filter((axis) => !kept.includes(axis));',
    replace: '.filter((axis) => axis >= kept.length);',
    tests: derivative,
  },
];
