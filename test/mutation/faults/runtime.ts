/** Faults in what runs programs: sessions, threads, kept state, checks of ids. */
import type { Fault } from './fault.ts';

const kept = 'runtime/linear/kept-in-memory.ts';
const wasm = ['test/unit/runtime-linear', 'test/unit/runtime-wasm'];
const webgpu = ['test/unit/runtime-webgpu'];
const ids = ['test/unit/runtime-session/check-ids.test.ts', ...wasm];

export const runtimeFaults: readonly Fault[] = [
  {
    name: 'an-id-may-be-the-number-of-rows',
    file: 'runtime/session/check-ids.ts',
    find: 'if (id < range.rows && (id >= 0',
    replace: 'if (id <= range.rows && (id >= 0',
    tests: ids,
  },
  {
    name: 'ids-in-the-padding-are-checked',
    file: 'runtime/session/check-ids.ts',
    find: 'Math.min(steps, lengths?.data[row] ?? steps)',
    replace: 'Math.max(steps, lengths?.data[row] ?? steps)',
    tests: ids,
  },
  {
    name: 'lengths-may-be-negative',
    file: 'runtime/session/check-ids.ts',
    find: 'if (length >= 0 && length <= steps) return;',
    replace: 'if (length <= steps) return;',
    tests: ids,
  },
  {
    name: 'session-lets-the-first-wrong-id-pass',
    file: 'runtime/linear/session.ts',
    find: 'value >= least && value < below',
    replace: 'value >= least && value <= below',
    tests: ['test/unit/runtime-linear/session.test.ts'],
  },
  {
    name: 'session-overwrites-a-state-it-still-needs',
    file: 'runtime/linear/session.ts',
    find: 'for (const { from, aside } of this.moves) aside.set(from);\n    for (const { aside, to } of this.moves) to.set(aside);',
    replace: 'for (const { from, to } of this.moves) to.set(from);',
    tests: ['test/unit/runtime-linear/session.test.ts'],
  },
  {
    name: 'kept-state-overwritten-before-it-is-read',
    file: kept,
    find: 'moves.forEach(({ parameter }, i) => {\n      machine.write(parameter, known(next[i], `value of ${parameter.name}`));',
    replace:
      'moves.forEach(({ parameter, result }) => {\n      machine.write(parameter, next.length > 0 ? machine.read(result) : machine.read(result));',
    tests: ['test/unit/runtime-linear/kept-in-memory.test.ts'],
  },
  {
    name: 'new-weights-are-not-prepared',
    file: kept,
    find: "      if (parameter.role === 'weight') this.isPrepared = false;\n",
    replace: '',
    tests: ['test/unit/runtime-linear/kept-in-memory.test.ts'],
  },
  {
    name: 'trained-weights-are-not-prepared-again',
    file: kept,
    find: 'this.isPrepared = !this.feedsWeights;',
    replace: 'this.isPrepared = true;',
    tests: ['test/unit/runtime-linear/kept-in-memory.test.ts'],
  },
  {
    name: 'kept-state-lost-when-memory-moves',
    file: kept,
    find: 'for (const { parameter, value } of moving) machine.write(parameter, value);',
    replace: 'for (const { parameter, value } of moving.slice(1)) machine.write(parameter, value);',
    tests: ['test/unit/runtime-linear/kept-in-memory.test.ts'],
  },
  {
    name: 'barriers-count-on-from-the-last-run',
    file: 'runtime/wasm/thread-pool.ts',
    find: '        Atomics.store(ints, sync / 4, 0);\n',
    replace: '',
    tests: ['test/unit/runtime-wasm/threads.test.ts', 'test/unit/6-emit/wasm-threads.test.ts'],
  },
  {
    name: 'scratch-of-threads-lies-over-numbers',
    file: 'runtime/linear/layout.ts',
    find: 'const f32Base = controlBytes + threads * scratchStride;',
    replace: 'const f32Base = controlBytes + scratchStride;',
    tests: ['test/unit/runtime-linear/layout.test.ts', ...wasm],
  },
  {
    name: 'threads-share-one-scratch',
    file: 'runtime/wasm/worker.ts',
    find: 'at(fields.scratch) + thread * at(fields.scratchStride),',
    replace: 'at(fields.scratch) + 0 * thread * at(fields.scratchStride),',
    tests: ['test/unit/runtime-wasm/threads.test.ts', ...wasm],
  },
  {
    name: 'loop-over-time-leaves-out-a-turn',
    file: 'runtime/session/layout.ts',
    find: 'for (let i = 0; i < count; i++) {',
    replace: 'for (let i = 0; i < count - 1; i++) {',
    tests: ['test/unit/runtime-session/layout.test.ts'],
  },
  {
    name: 'gpu-runs-the-kernel-before',
    file: 'runtime/webgpu/encode.ts',
    find: 'if (kernel !== last) pass.setPipeline(',
    replace: 'if (last === undefined) pass.setPipeline(',
    tests: webgpu,
  },
  {
    name: 'gpu-time-steps-are-all-the-first',
    file: 'runtime/webgpu/records.ts',
    find: 'add([step])',
    replace: 'add([0 * step])',
    tests: webgpu,
  },
  {
    name: 'gpu-state-copied-backwards',
    file: 'runtime/webgpu/kept-on-device.ts',
    find: 'copy(encoder, regionOf(old, parameter), regionOf(memory, parameter));',
    replace: 'copy(encoder, regionOf(memory, parameter), regionOf(old, parameter));',
    tests: webgpu,
  },
  {
    name: 'threefry-injects-the-wrong-count',
    file: 'runtime/artifact/threefry.ts',
    find: 'inject(key2, key0, 2);',
    replace: 'inject(key2, key0, 3);',
    tests: ['test/unit/runtime/artifact'],
  },
];
