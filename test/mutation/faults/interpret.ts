/** Faults in the two interpreters: of graphs, the oracle, and of kernels, its check. */
import type { Fault } from './fault.ts';

const evaluate = 'compiler/ops/scan-evaluate.ts';
const scans = ['test/unit/ops/scan.test.ts', 'test/property/model-laws.test.ts'];
const kernels = ['test/unit/runtime-interpreter'];

export const interpretFaults: readonly Fault[] = [
  {
    name: 'oracle-yields-past-the-lengths',
    file: evaluate,
    find: 'if (active !== undefined && active[row] === 0) continue;',
    replace: 'if (active !== undefined && active[row] === 2) continue;',
    tests: scans,
  },
  {
    name: 'oracle-goes-on-after-a-row-has-ended',
    file: evaluate,
    find: 'const from = active[row] === 1 ? next : before;',
    replace: 'const from = active[row] === 2 ? before : next;',
    tests: scans,
  },
  {
    name: 'oracle-reverses-from-the-padded-end',
    file: evaluate,
    find: 'reverse ? longest - 1 - step : step',
    replace: 'reverse ? time - 1 - step : step',
    tests: scans,
  },
  {
    name: 'oracle-has-rows-active-one-step-longer',
    file: evaluate,
    find: 'at < (lengths?.[row] ?? Infinity) ? 1 : 0',
    replace: 'at <= (lengths?.[row] ?? Infinity) ? 1 : 0',
    tests: scans,
  },
  {
    name: 'oracle-frees-a-result',
    file: 'compiler/interpret/plan.ts',
    find: 'const read = new Set(results);',
    replace: 'const read = new Set<number>();',
    tests: ['test/unit/interpret'],
  },
  {
    name: 'oracle-shares-an-input-with-a-result',
    file: 'compiler/interpret/interpret.ts',
    find: 'taken.has(result.data) ? { ...result, data: result.data.slice() } : result',
    replace: 'taken.has(result.data) ? { ...result } : result',
    tests: ['test/unit/interpret'],
  },
  {
    name: 'oracle-counts-single-in-double-precision',
    file: 'compiler/ops/dot.ts',
    find: "const multiply = precision === 'f64' ? multiplyExact : multiplyRounded;",
    replace: "const multiply = precision === 'f32' ? multiplyExact : multiplyRounded;",
    tests: ['test/unit/ops/products.test.ts', 'test/unit/interpret'],
  },
  {
    name: 'kernel-sums-do-not-round',
    file: 'runtime/interpreter/arithmetic.ts',
    find: 'add: (x, y) => () => fround(x() + y()),',
    replace: 'add: (x, y) => () => x() + y(),',
    tests: kernels,
  },
  {
    name: 'kernel-workgroups-counted-by-the-wrong-axis',
    file: 'runtime/interpreter/compile-kernel.ts',
    find: 'Math.floor(index / x) % y,',
    replace: 'Math.floor(index / y) % x,',
    tests: kernels,
  },
  {
    name: 'kernel-registers-are-not-cleared',
    file: 'runtime/interpreter/compile-kernel.ts',
    find: 'for (const register of memories.registers) register.data.fill(0);',
    replace: 'if (index === 0) for (const register of memories.registers) register.data.fill(0);',
    tests: kernels,
  },
  {
    name: 'kernel-runs-past-a-barrier',
    file: 'runtime/interpreter/lockstep.ts',
    find: '    if (hasBarrier(statement)) {\n      close();',
    replace: '    if (hasBarrier(statement)) {',
    tests: kernels,
  },
  {
    name: 'kernel-stores-lanes-one-by-one',
    file: 'runtime/interpreter/statements.ts',
    find: 'for (let i = 0; i < lanes.length; i++) lanes[i] = values[i]?.() ?? 0;\n    lanes.forEach((value, lane) => use(first + lane, value));',
    replace: 'values.forEach((value, lane) => use(first + lane, value()));',
    tests: kernels,
  },
  {
    name: 'kernel-remainder-of-negative-numbers',
    file: 'runtime/interpreter/arithmetic.ts',
    find: 'notNegative(x()) % divisor(notNegative(y()))',
    replace: 'x() % divisor(y())',
    tests: kernels,
  },
];
