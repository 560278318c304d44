/** Faults in the WGSL that is written, and in kernel functions, which all targets share. */
import type { Fault } from './fault.ts';

const texts = ['test/unit/6-emit/wgsl-expressions.test.ts', 'test/unit/6-emit/wgsl-emit.test.ts'];
const device = [
  'test/unit/6-emit/wgsl-values-on-device.test.ts',
  'test/unit/6-emit/wgsl-kernels-on-device.test.ts',
];
const math = ['test/unit/kernel-math', 'test/property/op-lower.test.ts'];

export const wgslFaults: readonly Fault[] = [
  {
    name: 'wgsl-select-the-other-way-round',
    file: 'compiler/6-emit/wgsl/expressions.ts',
    find: "callText('select', [e.no, e.yes, e.condition], context, hidden)",
    replace: "callText('select', [e.yes, e.no, e.condition], context, hidden)",
    tests: [...device, ...texts],
  },
  {
    name: 'wgsl-sum-in-a-difference-without-parentheses',
    file: 'compiler/6-emit/wgsl/expressions.ts',
    find: 'const plus = { binds: sum, left: sum, right: product };',
    replace: 'const plus = { binds: sum, left: sum, right: sum };',
    tests: [...device, ...texts],
  },
  {
    name: 'wgsl-shift-keeps-the-sign',
    file: 'compiler/6-emit/wgsl/expressions.ts',
    find: ': `u32(${expressionText(x, context, any, hidden)})`;',
    replace: ': `i32(${expressionText(x, context, any, hidden)})`;',
    tests: [...device, ...texts],
  },
  {
    name: 'wgsl-drops-a-barrier',
    file: 'compiler/6-emit/wgsl/statements.ts',
    find: ": ['workgroupBarrier();'];",
    replace: ': [];',
    tests: [...texts, ...device],
  },
  {
    name: 'wgsl-barrier-without-storage',
    file: 'compiler/6-emit/wgsl/statements.ts',
    find: "['workgroupBarrier();', 'storageBarrier();']",
    replace: "['workgroupBarrier();']",
    tests: [...texts, ...device],
  },
  {
    name: 'wgsl-loop-by-any-number-goes-by-one',
    file: 'compiler/6-emit/wgsl/statements.ts',
    find: "const one = step.kind === 'number' && step.value === 1;",
    replace: "const one = step.kind === 'number';",
    tests: [...device, ...texts],
  },
  {
    name: 'wgsl-four-loses-its-offset',
    file: 'compiler/6-emit/wgsl/memory.ts',
    find: 'add(quarter, int(index.y.value >> 2))',
    replace: 'add(quarter, int(index.y.value >> 3))',
    tests: [...device, ...texts],
  },
  {
    name: 'wgsl-sizes-read-in-place-of-offsets',
    file: 'compiler/6-emit/wgsl/main-function.ts',
    find: 'word(buffers.length + position)',
    replace: 'word(position)',
    tests: [...device, ...texts],
  },
  {
    name: 'wgsl-minus-zero-is-zero',
    file: 'compiler/6-emit/wgsl/numbers.ts',
    find: 'if (!Number.isFinite(value) || Object.is(value, -0)) return undefined;',
    replace: 'if (!Number.isFinite(value)) return undefined;',
    tests: ['test/unit/6-emit/wgsl-numbers.test.ts', ...device],
  },
  {
    name: 'maximum-loses-nan',
    file: 'compiler/kernel/math/extremes.ts',
    find: 'select(isNaNumber(y), y, chosen)',
    replace: 'chosen',
    tests: math,
  },
  {
    name: 'tanh-changes-its-formula-too-late',
    file: 'compiler/kernel/math/tanh.ts',
    find: 'less(size, number(0.7))',
    replace: 'less(size, number(1.625))',
    tests: math,
  },
  {
    name: 'exp-of-small-numbers-is-not-held',
    file: 'compiler/kernel/math/powers-of-two.ts',
    find: 'less(n, int(-100))',
    replace: 'less(n, int(-140))',
    tests: math,
  },
  {
    name: 'softplus-of-negative-numbers',
    file: 'compiler/kernel/math/softplus.ts',
    find: 'select(less(number(0), x), x, number(0))',
    replace: "unary('abs', x)",
    tests: math,
  },
  {
    name: 'uniform-numbers-of-another-rotation',
    file: 'compiler/kernel/math/uniform.ts',
    find: '[17, 29, 16, 24],',
    replace: '[17, 29, 16, 25],',
    tests: math,
  },
];
