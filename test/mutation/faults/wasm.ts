/** Faults in the WebAssembly that is written: arithmetic, addresses, loops, barriers. */
import type { Fault } from './fault.ts';

const loops = ['test/unit/6-emit/wasm-loops.test.ts', 'test/unit/6-emit/wasm-emit.test.ts'];
const values = ['test/unit/6-emit/wasm-values.test.ts', 'test/property/wasm-kernels.test.ts'];
const functions = ['test/unit/6-emit/wasm-functions.test.ts'];
const threads = [
  'test/unit/6-emit/wasm-threads.test.ts',
  'test/unit/6-emit/wasm-barrier.test.ts',
  'test/unit/runtime-wasm/threads.test.ts',
];

export const wasmFaults: readonly Fault[] = [
  {
    name: 'wasm-drops-the-barrier-between-dispatches',
    file: 'compiler/6-emit/wasm/steps.ts',
    find: '      this.barrier();\n',
    replace: '',
    tests: threads,
  },
  {
    name: 'wasm-thread-does-the-work-of-the-next',
    file: 'compiler/6-emit/wasm/steps.ts',
    find: '      if (after === 1) {',
    replace: '      if (after === 0) {',
    tests: threads,
  },
  {
    name: 'wasm-counts-arrivals-of-one-barrier',
    file: 'compiler/6-emit/wasm/steps.ts',
    find: '    out.tee(this.arrived);\n',
    replace: '',
    tests: threads,
  },
  {
    name: 'wasm-loop-over-time-one-turn-too-many',
    file: 'compiler/6-emit/wasm/steps.ts',
    find: '    out.op(op.i32LtS);\n    out.op(op.brIf, 0);',
    replace: '    out.op(op.i32LeS);\n    out.op(op.brIf, 0);',
    tests: ['test/unit/6-emit/wasm-emit.test.ts', 'test/property/wasm-agrees.test.ts'],
  },
  {
    name: 'wasm-addresses-in-elements',
    file: 'compiler/6-emit/wasm/steps.ts',
    find: 'out.i32(4 * offset.value);',
    replace: 'out.i32(offset.value);',
    tests: ['test/unit/6-emit/wasm-emit.test.ts', 'test/property/wasm-agrees.test.ts'],
  },
  {
    name: 'wasm-smaller-of-equals-or-nan',
    file: 'compiler/6-emit/wasm/lanewise.ts',
    find: 'return emitTwo(y, x, op.f32x4Pmin, scope);',
    replace: 'return emitTwo(x, y, op.f32x4Pmin, scope);',
    tests: functions,
  },
  {
    name: 'wasm-choice-of-the-other-lanes',
    file: 'compiler/6-emit/wasm/lanewise.ts',
    find: 'return emitTwo(no, condition, op.v128Andnot, scope);',
    replace: 'return emitTwo(no, condition, op.v128And, scope);',
    tests: functions,
  },
  {
    name: 'wasm-remainder-by-a-mask-too-large',
    file: 'compiler/6-emit/wasm/quotients.ts',
    find: "code.i32(!bits ? y.constant : name === 'mod' ? y.constant - 1 : shift);",
    replace: "code.i32(!bits ? y.constant : name === 'mod' ? y.constant : shift);",
    tests: values,
  },
  {
    name: 'wasm-signed-quotient-by-a-shift',
    file: 'compiler/6-emit/wasm/quotients.ts',
    find: 'const bits = unsigned && Number.isInteger(shift);',
    replace: 'const bits = Number.isInteger(shift);',
    tests: values,
  },
  {
    name: 'wasm-fused-difference-adds',
    file: 'compiler/6-emit/wasm/arithmetic.ts',
    find: "const fused = name === 'add' ? op.f32x4RelaxedMadd : op.f32x4RelaxedNmadd;",
    replace: "const fused = name === 'add' ? op.f32x4RelaxedMadd : op.f32x4RelaxedMadd;",
    tests: [...values, 'test/unit/6-emit/wasm-loops.test.ts'],
  },
  {
    name: 'wasm-pointed-loop-ends-too-late',
    file: 'compiler/6-emit/wasm/pointed-loop.ts',
    find: 'Math.imul(to.constant - loop.from.value, bytes)',
    replace: 'Math.imul(to.constant, bytes)',
    tests: loops,
  },
  {
    name: 'wasm-pointers-go-ahead-by-one',
    file: 'compiler/6-emit/wasm/pointed-loop.ts',
    find: 'constant: Math.imul(4 * stride.constant, step.constant) }',
    replace: 'constant: Math.imul(4, stride.constant) }',
    tests: loops,
  },
  {
    name: 'wasm-offsets-of-numbers-below-zero',
    file: 'compiler/6-emit/wasm/memory.ts',
    find: "constant >= 0 && signOf(rest, context.locals) !== 'any'",
    replace: 'constant >= 0',
    tests: [...values, ...loops],
  },
  {
    name: 'wasm-scalar-lanes-all-the-first',
    file: 'compiler/kernel/scalar-form.ts',
    find: 'const index = add(scalar(e.index, scope), int(lane));',
    replace: 'const index = add(scalar(e.index, scope), int(0 * lane));',
    tests: values,
  },
  {
    name: 'wasm-registers-are-not-cleared',
    file: 'compiler/6-emit/wasm/kernels.ts',
    find: '...cleared(kernel, fresh), ...kernel.body]',
    replace: '...cleared(kernel, fresh).slice(1), ...kernel.body]',
    tests: [...values, 'test/unit/6-emit'],
  },
  {
    name: 'wasm-lanes-shuffled-from-one-side',
    file: 'compiler/6-emit/wasm/packs.ts',
    find: '(of.name === left ? 0 : 16)',
    replace: '(of.name === right ? 0 : 16)',
    tests: values,
  },
];
