/** Faults in the printer of JavaScript. */
import type { Fault } from './fault.ts';

const printer = 'compiler/6-emit/js';
const values = ['test/property/js-values.test.ts'];
const lanes = ['test/property/js-lanes.test.ts'];

export const jsFaults: readonly Fault[] = [
  {
    name: 'js-sums-of-large-products-are-taken-for-exact',
    file: `${printer}/pieces.ts`,
    find: 'const exact = 2 ** 52;',
    replace: 'const exact = 2 ** 70;',
    tests: values,
  },
  {
    name: 'js-whole-numbers-are-cut-too-late',
    file: `${printer}/pieces.ts`,
    find: 'const farthest = 2 ** 31;',
    replace: 'const farthest = 2 ** 33;',
    tests: values,
  },
  {
    name: 'js-shifts-to-the-right-keep-the-sign',
    file: `${printer}/binaries.ts`,
    find: "symbol: '>>>'",
    replace: "symbol: '>>'",
    tests: values,
  },
  {
    name: 'js-masks-below-zero-are-taken-for-small',
    file: `${printer}/binaries.ts`,
    find: 'mask < 0 ? undefined : mask',
    replace: 'Math.abs(mask)',
    tests: values,
  },
  {
    name: 'js-whole-numbers-become-floats-unrounded',
    file: `${printer}/expressions.ts`,
    find: 'whole.bound <= 2 ** 24',
    replace: 'whole.bound <= 2 ** 34',
    tests: values,
  },
  {
    name: 'js-zeros-lose-their-sign',
    file: `${printer}/numbers.ts`,
    find: "return settled('-0', level.unary);",
    replace: "return settled('0', level.unary);",
    tests: values,
  },
  {
    name: 'js-lanes-store-before-others-have-loaded',
    file: `${printer}/lane-stretch.ts`,
    find: 'if (own.length > 1) waiting.push(...stores);',
    replace: 'if (own.length < 1) waiting.push(...stores);',
    tests: lanes,
  },
  {
    name: 'js-fours-anywhere-are-taken-for-aligned',
    file: `${printer}/lane-stretch.ts`,
    find: "const isAligned = e.type === 'f32x4' && e.unaligned !== true;",
    replace: "const isAligned = e.type === 'f32x4' || e.unaligned === true;",
    tests: lanes,
  },
  {
    name: 'js-stores-that-overlap-change-places',
    file: `${printer}/lane-loops.ts`,
    find: 'const loops = isAligned ? [waiting] : waiting.map((s) => [s]);',
    replace: 'const loops = isAligned ? waiting.map((s) => [s]) : [waiting];',
    tests: lanes,
  },
  {
    name: 'js-loops-by-fours-are-flat-at-other-places',
    file: `${printer}/flat-loops.ts`,
    find: "if (e.kind === 'load') return slopeOf(e.index, slopes) === 1;",
    replace: "if (e.kind === 'load') return slopeOf(e.index, slopes) !== undefined;",
    tests: lanes,
  },
  {
    name: 'js-lets-move-past-what-changes-them',
    file: 'compiler/kernel/fewer-lets.ts',
    find: "(part.kind === 'load' && !this.constant.has(part.memory))",
    replace: "(part.kind === 'load' && part.memory === '')",
    tests: lanes,
  },
  {
    name: 'js-memory-that-grows-is-empty',
    file: 'runtime/js/js-instance.ts',
    find: 'new Uint8Array(memory).set(new Uint8Array(this.memory));',
    replace: 'new Uint8Array(memory).set(new Uint8Array(this.memory).fill(0));',
    tests: ['test/unit/runtime-linear/kept-in-memory.test.ts', 'test/unit/runtime-js'],
  },
];
