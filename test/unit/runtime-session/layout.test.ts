/** What a program is under a binding: places, sizes, and dispatches in their order. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { Dispatch, Program } from '../../../runtime/artifact/program.ts';
import { layOut } from '../../../runtime/session/layout.ts';

const [B, T] = [k.size('B'), k.size('T')];

function dispatch(kernel: number, parts: Partial<Dispatch> = {}): Dispatch {
  const groups = [B, k.int(1), k.int(1)] as const;
  return { kind: 'dispatch', kernel, tensors: [kernel, 2], sizes: [], groups, ...parts };
}

const program: Program = {
  format: 'gatework-program-1',
  name: 'test',
  symbols: ['B', 'T'],
  parameters: [],
  results: [],
  tensors: [
    { name: 'x', element: 'f32', length: k.mul(B, T), offset: k.int(0) },
    { name: 'y', element: 'f32', length: B, offset: k.mul(k.int(4), T) },
    { name: 'n', element: 'i32', length: k.int(3), offset: k.int(8) },
  ],
  memory: { f32: k.add(k.mul(B, T), k.int(8)), i32: k.int(12) },
  functions: [],
  kernels: [],
  prepare: [],
  steps: [
    dispatch(0, { sizes: [B, k.mul(B, T)], origin: 'std/lstm.gate:7:13 lstm' }),
    {
      kind: 'repeat',
      variable: 't',
      count: T,
      body: [
        dispatch(1, { step: k.sub(k.sub(T, k.int(1)), k.size('t')) }),
        // Nothing is left to do in the last step.
        dispatch(2, {
          sizes: [k.size('t')],
          groups: [k.int(2), k.sub(k.sub(T, k.int(1)), k.size('t')), k.int(3)],
        }),
      ],
    },
    dispatch(3, { groups: [k.int(1), k.int(1), k.int(0)] }),
  ],
};

function bound(batch: number, time: number): Map<string, number> {
  return new Map([
    ['B', batch],
    ['T', time],
  ]);
}

test('tensors and arenas, in elements and bytes', () => {
  const { offsets, lengths, memory, bytes } = layOut(program, bound(2, 3));
  expect(offsets).toEqual([0, 12, 8]);
  expect(lengths).toEqual([6, 2, 3]);
  expect(memory).toEqual({ f32: 14, i32: 12 });
  expect(bytes).toBe(4 * 26);
});

describe('dispatches', () => {
  test('one after another, loops unrolled, without those of no workgroup', () => {
    const { dispatches } = layOut(program, bound(2, 3));
    const single = { step: 0, sizes: [], groups: [2, 1, 1] };
    expect(dispatches).toEqual([
      { ...single, kernel: 0, tensors: [0, 2], sizes: [2, 6], origin: 'std/lstm.gate:7:13 lstm' },
      { ...single, kernel: 1, tensors: [1, 2], step: 2 },
      { ...single, kernel: 2, tensors: [2, 2], sizes: [0], groups: [2, 2, 3] },
      { ...single, kernel: 1, tensors: [1, 2], step: 1 },
      { ...single, kernel: 2, tensors: [2, 2], sizes: [1], groups: [2, 1, 3] },
      { ...single, kernel: 1, tensors: [1, 2], step: 0 },
    ]);
  });

  test('none of a loop without steps or a batch without rows', () => {
    expect(layOut(program, bound(2, 0)).dispatches.map((d) => d.kernel)).toEqual([0]);
    expect(layOut(program, bound(0, 1)).dispatches).toEqual([]);
  });
});

test('a symbol without a value is named', () => {
  expect(() => layOut(program, new Map([['B', 2]]))).toThrow('the size T is not bound');
});
