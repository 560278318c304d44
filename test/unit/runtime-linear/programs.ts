/** Small programs, with modules as the emitters write them. */
import { emitWasm } from '../../../compiler/6-emit/wasm/emit.ts';
import * as k from '../../../compiler/kernel/build.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { WasmExecutable, type WasmOptions } from '../../../runtime/wasm/wasm-executable.ts';
import {
  dispatchOf,
  fixed,
  kernelOf,
  parameterOf,
  programOf,
  reads,
  resultOf,
  store,
  symbol,
  writes,
} from '../runtime-interpreter/programs.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';

const row = k.workgroup(0);
const [B, T] = [k.size('B'), k.size('T')];
const [zero, one] = [k.int(0), k.int(1)];

function f32(name: string, index = row): ReturnType<typeof k.load> {
  return k.load(name, index, 'f32');
}

function i32(name: string): ReturnType<typeof k.load> {
  return k.load(name, row, 'i32');
}

/**
 * y = 2·x + flag and positive = x > 0, both [B], where flag is a bool; doubled = 2·n, ids below 10.
 * Reads every element type and writes every one.
 */
export const affine: Program = programOf({
  name: 'affine',
  symbols: ['B'],
  tensors: [
    { name: 'x', length: B },
    { name: 'flag', element: 'i32', length: B },
    { name: 'n', element: 'i32', length: B },
    { name: 'y', length: B },
    { name: 'positive', element: 'i32', length: B },
    { name: 'doubled', element: 'i32', length: B },
  ],
  parameters: [
    parameterOf('x', 0, [symbol('B')]),
    parameterOf('flag', 1, [symbol('B')], { dtype: 'bool', role: 'control' }),
    parameterOf('n', 2, [symbol('B')], {
      dtype: 'int',
      ids: { below: fixed(10), negative: false },
    }),
  ],
  results: [
    resultOf('y', 3, [symbol('B')]),
    resultOf('positive', 4, [symbol('B')], { dtype: 'bool' }),
    resultOf('doubled', 5, [symbol('B')], { dtype: 'int' }),
  ],
  kernels: [
    kernelOf({
      name: 'affine.rows',
      buffers: [
        ...[reads('x'), reads('flag', 'i32'), reads('n', 'i32')],
        ...[writes('y'), writes('positive', 'i32'), writes('doubled', 'i32')],
      ],
      body: [
        store('y', row, k.add(k.mul(f32('x'), k.float(2)), k.unary('toFloat', i32('flag')))),
        store('positive', row, k.select(k.less(k.float(0), f32('x')), one, zero)),
        store('doubled', row, k.mul(i32('n'), k.int(2))),
      ],
    }),
  ],
  steps: [dispatchOf({ tensors: [0, 1, 2, 3, 4, 5], groups: [B, one, one] })],
});

/**
 * h ← w·h + x[t] for T steps, h and w [2]. Yields the next h, which lies where h lies, and the sum
 * of h. What is kept lies behind what grows with T, so that it moves when T changes.
 */
export const recurrence: Program = programOf({
  name: 'recurrence',
  symbols: ['T'],
  tensors: [
    { name: 'x', length: k.mul(T, k.int(2)) },
    { name: 'h', length: k.int(2) },
    { name: 'w', length: k.int(2) },
    { name: 'sum', length: one },
  ],
  parameters: [
    parameterOf('w', 2, [fixed(2)], { role: 'weight' }),
    parameterOf('h', 1, [fixed(2)], { role: 'state' }),
    parameterOf('x', 0, [symbol('T'), fixed(2)]),
  ],
  results: [
    resultOf('next', 1, [fixed(2)], { feeds: 'h' }),
    resultOf('same', 2, [fixed(2)], { feeds: 'w' }),
    resultOf('sum', 3, []),
  ],
  kernels: [
    kernelOf({
      name: 'recurrence.step',
      buffers: [reads('x'), reads('w'), { name: 'h', element: 'f32', access: 'readWrite' }],
      body: [
        store(
          'h',
          row,
          k.add(k.mul(f32('w'), f32('h')), f32('x', k.add(k.mul(k.step, k.int(2)), row))),
        ),
      ],
    }),
    kernelOf({
      name: 'recurrence.sum',
      buffers: [reads('h'), writes('sum')],
      body: [store('sum', zero, k.add(f32('h', zero), f32('h', one)))],
    }),
  ],
  steps: [
    {
      kind: 'repeat',
      variable: 't',
      count: T,
      body: [dispatchOf({ tensors: [0, 2, 1], step: k.size('t'), groups: [k.int(2), one, one] })],
    },
    dispatchOf({ kernel: 1, tensors: [1, 3] }),
  ],
});

/** `a next` = b and `b next` = a + 2, which lie where the other one lies that they feed. */
export const exchange: Program = programOf({
  name: 'exchange',
  tensors: [
    { name: 'a', length: one },
    { name: 'b', length: one },
  ],
  parameters: [
    parameterOf('a', 0, [fixed(1)], { role: 'state' }),
    parameterOf('b', 1, [fixed(1)], { role: 'state' }),
  ],
  results: [resultOf('a next', 1, [fixed(1)]), resultOf('b next', 0, [fixed(1)])],
  kernels: [
    kernelOf({
      name: 'exchange',
      buffers: [{ name: 'a', element: 'f32', access: 'readWrite' }],
      body: [store('a', zero, k.add(f32('a', zero), k.float(2)))],
    }),
  ],
  steps: [dispatchOf({ tensors: [0] })],
});

/**
 * y = x·(w + 1) [T], where w + 1 is prepared, and counted: `prepared` goes up by one each time. The
 * next w, if asked for, is 2·w.
 */
export const packed: Program = programOf({
  name: 'packed',
  symbols: ['T'],
  tensors: [
    { name: 'w', length: one },
    { name: 'pack', length: one },
    { name: 'count', length: one },
    { name: 'x', length: T },
    { name: 'y', length: T },
    { name: 'next', length: one },
  ],
  parameters: [
    parameterOf('w', 0, [], { role: 'weight' }),
    parameterOf('count', 2, [], { role: 'state' }),
    parameterOf('x', 3, [symbol('T')]),
  ],
  results: [
    resultOf('y', 4, [symbol('T')]),
    resultOf('next', 5, []),
    resultOf('prepared', 2, [], { feeds: 'count' }),
  ],
  kernels: [
    kernelOf({
      name: 'packed.prepare',
      buffers: [reads('w'), writes('pack'), { name: 'count', element: 'f32', access: 'readWrite' }],
      body: [
        store('pack', zero, k.add(f32('w', zero), k.float(1))),
        store('count', zero, k.add(f32('count', zero), k.float(1))),
      ],
    }),
    kernelOf({
      name: 'packed.rows',
      buffers: [reads('x'), reads('pack'), writes('y')],
      body: [store('y', row, k.mul(f32('x'), f32('pack', zero)))],
    }),
    kernelOf({
      name: 'packed.next',
      buffers: [reads('w'), writes('next')],
      body: [store('next', zero, k.mul(f32('w', zero), k.float(2)))],
    }),
  ],
  prepare: [dispatchOf({ tensors: [0, 1, 2] })],
  steps: [
    dispatchOf({ kernel: 1, tensors: [3, 1, 4], groups: [T, one, one] }),
    dispatchOf({ kernel: 2, tensors: [0, 5] }),
  ],
});

export function open(
  program: Program,
  options: Partial<WasmOptions> = {},
): Promise<WasmExecutable> {
  const { pool, profile = false } = options;
  const module = emitWasm(program, { form: 'simd', threads: pool !== undefined, profile });
  return WasmExecutable.create({ program, module, ...options });
}

/**
 * y[row] = row + 1000, [B]: a register counts up to it, so that threads are in their registers at
 * the same time.
 */
export const counting: Program = programOf({
  name: 'counting',
  symbols: ['B'],
  tensors: [{ name: 'y', length: B }],
  results: [resultOf('y', 0, [symbol('B')])],
  kernels: [
    kernelOf({
      name: 'counting.rows',
      buffers: [writes('y')],
      registers: [{ name: 'sum', element: 'f32', length: 4 }],
      body: [
        store('sum', zero, k.unary('toFloat', row)),
        k.forLoop('i', k.int(1000), [store('sum', zero, k.add(f32('sum', zero), k.float(1)))]),
        store('y', row, f32('sum', zero)),
      ],
    }),
  ],
  steps: [dispatchOf({ tensors: [0], groups: [B, one, one] })],
});

/** Those of the array of this name. */
export function numbers(arrays: ReadonlyMap<string, NdArray>, name: string): number[] {
  return [...(arrays.get(name)?.data ?? [])];
}

/** What `affine` takes for so many rows. */
export function rows(count: number): Map<string, NdArray> {
  const all = Array.from({ length: count }, (_, i) => i);
  return new Map<string, NdArray>([
    [
      'x',
      floats(
        [count],
        all.map((i) => i - 1),
      ),
    ],
    ['flag', { dtype: 'bool', shape: [count], data: Uint8Array.from(all, (i) => i % 2) }],
    [
      'n',
      ints(
        [count],
        all.map((i) => i % 10),
      ),
    ],
  ]);
}
