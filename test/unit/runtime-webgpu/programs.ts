/** Small programs with shaders written by hand, so that nothing of the compiler is tested along. */
import { add, int, mul, size } from '../../../compiler/kernel/build.ts';
import type { Expression, KernelBuffer } from '../../../runtime/artifact/kernel.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import type { Dim } from '../../../runtime/artifact/size.ts';

export interface Written {
  readonly program: Program;
  /** By kernel. */
  readonly shaders: readonly string[];
}

export function symbol(name: string, coefficient = 1): Dim {
  return { constant: 0, terms: [{ symbol: name, coefficient }] };
}

export function fixed(constant: number): Dim {
  return { constant, terms: [] };
}

export function floats(shape: readonly number[], data: readonly number[]): NdArray {
  return { dtype: 'float', shape, data: Float64Array.from(data) };
}

/** A shader by the contract: `record` of so many rows, `moment`, and the two arenas. */
export function wgsl(rows: number, body: string, workgroup = 4): string {
  return `@group(0) @binding(0) var<uniform> record: array<vec4<u32>, ${rows}>;
@group(0) @binding(1) var<uniform> moment: vec4<u32>;
@group(0) @binding(2) var<storage, read_write> floats: array<f32>;
@group(0) @binding(3) var<storage, read_write> ints: array<i32>;
@compute @workgroup_size(${workgroup})
fn main(@builtin(global_invocation_id) at: vec3<u32>) {
  let i = at.x;
  ${body}
}`;
}

export function kernel(
  name: string,
  buffers: readonly KernelBuffer[],
  sizes: readonly string[] = [],
): Program['kernels'][number] {
  return { name, buffers, sizes, workgroup: [4, 1, 1], shared: [], registers: [], body: [] };
}

export function f32(name: string, access: KernelBuffer['access']): KernelBuffer {
  return { name, element: 'f32', access };
}

export const one: Expression = int(1);

/**
 * y = 2·x + add and positive = x > 0, both [B, 3], where add is a bool [B]; doubled = 2·n, ids [B].
 * Reads every element type and writes every one.
 */
export const affine: Written = {
  program: {
    format: 'gatework-program-1',
    name: 'affine',
    symbols: ['B'],
    parameters: [
      { name: 'x', role: 'input', dtype: 'float', shape: [symbol('B'), fixed(3)], tensor: 0 },
      { name: 'add', role: 'control', dtype: 'bool', shape: [symbol('B')], tensor: 1 },
      { name: 'n', role: 'input', dtype: 'int', shape: [symbol('B')], tensor: 2, ids: below(10) },
    ],
    results: [
      { name: 'y', dtype: 'float', shape: [symbol('B'), fixed(3)], tensor: 3 },
      { name: 'positive', dtype: 'bool', shape: [symbol('B'), fixed(3)], tensor: 4 },
      { name: 'doubled', dtype: 'int', shape: [symbol('B')], tensor: 5 },
    ],
    tensors: [
      tensor('x', 'f32', mul(int(3), size('B')), int(0)),
      tensor('add', 'i32', size('B'), int(0)),
      tensor('n', 'i32', size('B'), mul(int(4), size('B'))),
      tensor('y', 'f32', mul(int(3), size('B')), mul(int(4), size('B'))),
      tensor('positive', 'i32', mul(int(3), size('B')), mul(int(8), size('B'))),
      tensor('doubled', 'i32', size('B'), mul(int(12), size('B'))),
    ],
    memory: { f32: mul(int(8), size('B')), i32: mul(int(16), size('B')) },
    functions: [],
    kernels: [
      kernel(
        'affine.rows',
        [
          f32('x', 'read'),
          { name: 'add', element: 'i32', access: 'read' },
          f32('y', 'write'),
          { name: 'positive', element: 'i32', access: 'write' },
        ],
        ['B'],
      ),
      kernel('affine.ids', [
        { name: 'n', element: 'i32', access: 'read' },
        { name: 'doubled', element: 'i32', access: 'write' },
      ]),
    ],
    prepare: [],
    steps: [
      {
        kind: 'dispatch',
        kernel: 0,
        tensors: [0, 1, 3, 4],
        sizes: [size('B')],
        groups: [size('B'), one, one],
        origin: 'affine.gate:1:2 rows',
      },
      { kind: 'dispatch', kernel: 1, tensors: [2, 5], sizes: [], groups: [size('B'), one, one] },
    ],
  },
  shaders: [
    wgsl(
      2,
      `if (i >= 3u * record[1].x) { return; }
  let x = floats[record[0].x + i];
  floats[record[0].z + i] = 2.0 * x + f32(ints[record[0].y + i / 3u]);
  ints[record[0].w + i] = select(0, 1, x > 0.0);`,
    ),
    wgsl(1, `ints[record[0].y + i] = 2 * ints[record[0].x + i];`, 1),
  ],
};

/**
 * h ← h·w + x[t] over T steps, h and w [2]. Yields the next h, which lies where h lies, w as it
 * is, and the sum of h.
 */
export const recurrence: Written = {
  program: {
    format: 'gatework-program-1',
    name: 'recurrence',
    symbols: ['T'],
    parameters: [
      { name: 'w', role: 'weight', dtype: 'float', shape: [fixed(2)], tensor: 2 },
      { name: 'h', role: 'state', dtype: 'float', shape: [fixed(2)], tensor: 1 },
      { name: 'x', role: 'input', dtype: 'float', shape: [symbol('T'), fixed(2)], tensor: 0 },
    ],
    results: [
      { name: 'next', dtype: 'float', shape: [fixed(2)], tensor: 1, feeds: 'h' },
      { name: 'same', dtype: 'float', shape: [fixed(2)], tensor: 2, feeds: 'w' },
      { name: 'sum', dtype: 'float', shape: [], tensor: 3 },
    ],
    // What is kept lies behind what grows with T, so that it moves when T changes.
    tensors: [
      tensor('x', 'f32', mul(int(2), size('T')), int(0)),
      tensor('h', 'f32', int(2), mul(int(4), size('T'))),
      tensor('w', 'f32', int(2), add(mul(int(4), size('T')), int(4))),
      tensor('sum', 'f32', int(1), add(mul(int(4), size('T')), int(8))),
    ],
    memory: { f32: add(mul(int(4), size('T')), int(12)), i32: int(0) },
    functions: [],
    kernels: [
      kernel('recurrence.step', [f32('x', 'read'), f32('w', 'read'), f32('h', 'readWrite')]),
      kernel('recurrence.sum', [f32('h', 'read'), f32('sum', 'write')]),
    ],
    prepare: [],
    steps: [
      {
        kind: 'repeat',
        variable: 't',
        count: size('T'),
        body: [
          {
            kind: 'dispatch',
            kernel: 0,
            tensors: [0, 2, 1],
            sizes: [],
            step: size('t'),
            groups: [one, one, one],
            origin: 'rnn.gate:3:1 cell',
          },
        ],
      },
      { kind: 'dispatch', kernel: 1, tensors: [1, 3], sizes: [], groups: [one, one, one] },
    ],
  },
  shaders: [
    wgsl(
      1,
      `let h = record[0].z + i;
  floats[h] = floats[h] * floats[record[0].y + i] + floats[record[0].x + 2u * moment.x + i];`,
      2,
    ),

    wgsl(1, `floats[record[0].y] = floats[record[0].x] + floats[record[0].x + 1u];`, 1),
  ],
};

function tensor(
  name: string,
  element: 'f32' | 'i32',
  length: Expression,
  offset: Expression,
): Program['tensors'][number] {
  return { name, element, length, offset };
}

function below(count: number): NonNullable<Program['parameters'][number]['ids']> {
  return { below: fixed(count), negative: false };
}

/** `a next` = b and `b next` = a + 2, which lie where the other one lies that they feed. */
export const exchange: Written = {
  program: {
    format: 'gatework-program-1',
    name: 'exchange',
    symbols: [],
    parameters: [
      { name: 'a', role: 'state', dtype: 'float', shape: [fixed(1)], tensor: 0 },
      { name: 'b', role: 'state', dtype: 'float', shape: [fixed(1)], tensor: 1 },
    ],
    results: [
      { name: 'a next', dtype: 'float', shape: [fixed(1)], tensor: 1 },
      { name: 'b next', dtype: 'float', shape: [fixed(1)], tensor: 0 },
    ],
    tensors: [tensor('a', 'f32', int(1), int(0)), tensor('b', 'f32', int(1), int(4))],
    memory: { f32: int(8), i32: int(0) },
    functions: [],
    kernels: [kernel('exchange', [f32('a', 'readWrite')])],
    prepare: [],
    steps: [{ kind: 'dispatch', kernel: 0, tensors: [0], sizes: [], groups: [one, one, one] }],
  },
  shaders: [wgsl(1, 'floats[record[0].x] += 2.0;', 1)],
};
