/** Faults in what makes WebAssembly small: values moved, locals shared, functions made one. */
import type { Fault } from './fault.ts';

const small = 'compiler/6-emit/wasm/small';
const law = 'test/property/wasm-small.test.ts';
const passes = ['test/unit/6-emit/wasm-small-passes.test.ts', law];
const functions = ['test/unit/6-emit/wasm-small-functions.test.ts', law];

export const wasmSmallFaults: readonly Fault[] = [
  {
    name: 'small-load-goes-past-a-store',
    file: `${small}/sink.ts`,
    find: 'if (writesMemory(tree, this.signatureOf)) this.endAll(this.ofMemory);',
    replace: '',
    tests: passes,
  },
  {
    name: 'small-value-goes-past-a-write-of-what-it-reads',
    file: `${small}/sink.ts`,
    find: '      this.endAll(this.readers.get(localOf(tree)));\n',
    replace: '',
    tests: passes,
  },
  {
    name: 'small-write-goes-past-a-read',
    file: `${small}/sink.ts`,
    find: 'if (found === undefined) return this.endAll(this.writers.get(local));',
    replace: 'if (found === undefined) return;',
    tests: passes,
  },
  {
    name: 'small-value-goes-past-a-branch',
    file: `${small}/sink.ts`,
    find: '    if (leavesOff.has(code)) this.endEverything();\n',
    replace: '',
    tests: passes,
  },
  {
    name: 'small-loop-forgets-what-its-next-turn-reads',
    file: `${small}/liveness.ts`,
    find: 'add(new Set(after), this.ofLoops.get(tree))',
    replace: 'new Set(after)',
    tests: passes,
  },
  {
    name: 'small-one-way-of-a-choice-decides-what-is-written',
    file: `${small}/exposed.ts`,
    find: 'if (code !== op.if || second.written.has(local)) found.written.add(local);',
    replace: 'found.written.add(local);',
    tests: passes,
  },
  {
    name: 'small-copy-of-what-changes',
    file: `${small}/propagate.ts`,
    find: 'value.code === op.localGet && isFixed(localOf(value))',
    replace: 'value.code === op.localGet',
    tests: passes,
  },
  {
    name: 'small-difference-turned-round',
    file: `${small}/fold.ts`,
    find: '[op.i32Add, op.i32Mul, op.i32And,',
    replace: '[op.i32Add, op.i32Sub, op.i32Mul, op.i32And,',
    tests: functions,
  },
  {
    name: 'small-other-way-of-a-known-choice',
    file: `${small}/choices.ts`,
    find: 'number === 0 ? tree.otherwise : tree.body',
    replace: 'number === 0 ? tree.body : tree.otherwise',
    tests: functions,
  },
  {
    name: 'small-opens-a-block-that-is-left-early',
    file: `${small}/choices.ts`,
    find: '(immediates[0] ?? 0) >= depth',
    replace: '(immediates[0] ?? 0) > depth',
    tests: functions,
  },
  {
    name: 'small-place-in-a-loop-given-away-before-its-end',
    file: `${small}/intervals.ts`,
    find: 'include(local, at, end);',
    replace: 'include(local, at, at);',
    tests: functions,
  },
  {
    name: 'small-unwritten-local-where-a-parameter-was',
    file: `${small}/color.ts`,
    find: 'start === 0 ? undefined : takeLowest(',
    replace: 'start < 0 ? undefined : takeLowest(',
    tests: functions,
  },
  {
    name: 'small-parameter-as-the-first-call-gives-it',
    file: `${small}/arguments.ts`,
    find: 'numbers.size === 1 && number !== undefined',
    replace: 'number !== undefined',
    tests: functions,
  },
  {
    name: 'small-zero-and-minus-zero-are-one',
    file: `${small}/merge.ts`,
    find: "Object.is(value, -0) ? '-0' : String(value)",
    replace: 'String(value)',
    tests: functions,
  },
  {
    name: 'small-copies-in-place-share-no-base',
    file: `${small}/in-place.ts`,
    find: 'immediates: isOfLocal ? [base + localOf(tree)] : tree.immediates,',
    replace: 'immediates: tree.immediates,',
    tests: functions,
  },
];
