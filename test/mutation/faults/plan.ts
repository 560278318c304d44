/** Faults in the plan of a program: order, memory, what is done once. */
import type { Fault } from './fault.ts';

const memory = 'compiler/5-schedule/memory.ts';
const merge = 'compiler/5-schedule/merge-units.ts';
const agree = [
  'test/unit/5-schedule/kernel-forms.test.ts',
  'test/property/kernels-agree.test.ts',
  'test/property/training-agrees.test.ts',
];
const ofMemory = ['test/unit/5-schedule/memory.test.ts', ...agree];
const ofMerge = ['test/unit/5-schedule/merge-units.test.ts', ...agree];

export const planFaults: readonly Fault[] = [
  {
    name: 'memory-that-is-still-read-is-used-again',
    file: memory,
    find: 'slot.freeAfter < first',
    replace: 'slot.freeAfter <= first',
    tests: ofMemory,
  },
  {
    name: 'memory-does-not-grow',
    file: memory,
    find: 'slot.size = covers(slot.size, size) ? slot.size : size;',
    replace: 'slot.size = covers(slot.size, size) ? size : slot.size;',
    tests: ofMemory,
  },
  {
    name: 'results-are-free-after-their-last-step',
    file: memory,
    find: 'tensor.kept || held.has(tensor) ? Infinity : -1',
    replace: 'tensor.kept ? Infinity : -1',
    tests: ofMemory,
  },
  {
    name: 'sizes-compared-by-one-symbol',
    file: memory,
    find: 'return small.terms.every(atLeast) && large.terms.every(notNegative);',
    replace: 'return small.terms.some(atLeast) && large.terms.every(notNegative);',
    tests: ofMemory,
  },
  {
    name: 'a-reader-is-not-waited-for',
    file: merge,
    find: 'level = Math.max(level, afterWrites.get(tensor) ?? 0, afterReads.get(tensor) ?? 0);',
    replace: 'level = Math.max(level, afterWrites.get(tensor) ?? 0);',
    tests: ofMerge,
  },
  {
    name: 'a-writer-is-not-waited-for',
    file: merge,
    find: 'for (const tensor of reads) level = Math.max(level, afterWrites.get(tensor) ?? 0);',
    replace: 'for (const tensor of reads) level = Math.max(level, afterReads.get(tensor) ?? 0);',
    tests: ofMerge,
  },
  {
    name: 'merged-kernels-count-from-the-first',
    file: merge,
    find: 'value: k.sub(group, part.start) };',
    replace: 'value: k.sub(group, k.int(0)) };',
    tests: ofMerge,
  },
  {
    name: 'merged-kernels-share-arrays-that-are-too-short',
    file: merge,
    find: 'length: Math.max(length, known.length) };',
    replace: 'length: known.length };',
    tests: ofMerge,
  },
  {
    name: 'prepared-once-though-written-again',
    file: 'compiler/5-schedule/prepared.ts',
    find: '[...accessOf(unit).writes].some((tensor) => overwritten.has(tensor))',
    replace: '[...accessOf(unit).writes].every((tensor) => !known.has(tensor))',
    tests: ['test/unit/5-schedule/prepared.test.ts', ...agree],
  },
  {
    name: 'prepared-though-it-reads-an-input',
    file: 'compiler/5-schedule/prepared.ts',
    find: '![...reads].every((tensor) => known.has(tensor))',
    replace: '![...reads].some((tensor) => known.has(tensor))',
    tests: ['test/unit/5-schedule/prepared.test.ts', ...agree],
  },
  {
    name: 'weights-written-in-place-while-read',
    file: 'compiler/5-schedule/feeds.ts',
    find: "item.order < writer.order || (item === writer && relation === 'same')",
    replace: "item.order <= writer.order || relation === 'same'",
    tests: ['test/unit/5-schedule/feeds.test.ts', ...agree],
  },
  {
    name: 'loops-joined-though-one-needs-the-other',
    file: 'compiler/5-schedule/join-loops.ts',
    find: 'if ([first, ...later].some((s) => uses(s, changedNext))) return false;\n',
    replace: '',
    tests: ['test/unit/5-schedule/join-loops.test.ts', ...agree],
  },
  {
    name: 'loops-of-different-ends-joined',
    file: 'compiler/5-schedule/join-loops.ts',
    find: '    keyOf(a.to) === keyOf(b.to) &&\n',
    replace: '',
    tests: ['test/unit/5-schedule/join-loops.test.ts', ...agree],
  },
  {
    name: 'ended-rows-lose-their-carry',
    file: 'compiler/5-schedule/homes.ts',
    find: '{ mask: { lengths, at, kept } }',
    replace: '{ mask: { lengths, at, kept: undefined } }',
    tests: agree,
  },
  {
    name: 'parts-of-a-concat-lie-over-each-other',
    file: 'compiler/5-schedule/homes.ts',
    find: 'const base = k.add(home.place.base, k.mul(start, stride));',
    replace: 'const base = k.add(home.place.base, start);',
    tests: agree,
  },
];
