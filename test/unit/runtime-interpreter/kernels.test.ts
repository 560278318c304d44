/** Kernels on the interpreter against numbers that the test computes itself. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { Expression, Kernel } from '../../../runtime/artifact/kernel.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { drawFloats, drawer, ints } from '../../../compiler/verify/arrays.ts';
import {
  assign,
  barrier,
  blank,
  kernelOf,
  letOf,
  numbersOf,
  reads,
  runKernel,
  store,
  varOf,
  writes,
} from './programs.ts';

const { fround } = Math;
const int = (name: string): Expression => k.local(name, 'i32');
const float = (name: string): Expression => k.local(name, 'f32');
const invocation = k.invocation(0);

/** As a device has it: every number rounded to f32. */
function rounded(array: NdArray): number[] {
  return Array.from(array.data, fround);
}

/** `out[row, column] = sum_i a[row, i]·b[i, column]`, by tiles of 4×4 in shared memory. */
function matrixProduct(): Kernel {
  const [row, column] = [
    k.add(k.mul(k.workgroup(1), k.int(4)), k.invocation(1)),
    k.add(k.mul(k.workgroup(0), k.int(4)), k.invocation(0)),
  ];
  const cell = k.add(k.mul(k.invocation(1), k.int(4)), k.invocation(0));
  const [m, n, depth] = [k.size('m'), k.size('n'), k.size('depth')];
  const fill = (tile: string, from: string, at: Expression, within: Expression): typeof body => [
    varOf(`v${tile}`, k.float(0)),
    ...k.when(within, [assign(`v${tile}`, k.load(from, at, 'f32'))]),
    store(tile, cell, float(`v${tile}`)),
  ];
  const inner = k.add(int('tile'), k.invocation(0));
  const outer = k.add(int('tile'), k.invocation(1));
  const product = k.mul(
    k.load('tileA', k.add(k.mul(k.invocation(1), k.int(4)), int('i')), 'f32'),
    k.load('tileB', k.add(k.mul(int('i'), k.int(4)), k.invocation(0)), 'f32'),
  );
  const body: Kernel['body'] = [
    letOf('row', row),
    letOf('column', column),
    varOf('sum', k.float(0)),
    k.forLoop(
      'tile',
      depth,
      [
        ...fill(
          'tileA',
          'a',
          k.add(k.mul(int('row'), depth), inner),
          k.and(k.less(int('row'), m), k.less(inner, depth)),
        ),
        ...fill(
          'tileB',
          'b',
          k.add(k.mul(outer, n), int('column')),
          k.and(k.less(outer, depth), k.less(int('column'), n)),
        ),
        barrier,
        k.forLoop('i', k.int(4), [assign('sum', k.add(float('sum'), product))]),
        barrier,
      ],
      k.int(0),
      k.int(4),
    ),
    ...k.when(k.and(k.less(int('row'), m), k.less(int('column'), n)), [
      store('out', k.add(k.mul(int('row'), n), int('column')), float('sum')),
    ]),
  ];
  return kernelOf({
    buffers: [reads('a'), reads('b'), writes('out')],
    sizes: ['m', 'n', 'depth'],
    workgroup: [4, 4, 1],
    shared: ['tileA', 'tileB'].map((name) => ({ name, element: 'f32', length: 16 })),
    body,
  });
}

describe('workgroups share memory between barriers', () => {
  test.each([{}, { backward: true }, { poison: true }])(
    'a product by tiles, %o',
    async (options) => {
      const [m, n, depth] = [5, 6, 7];
      const draw = drawer(3);
      const [a, b] = [drawFloats(draw, [m, depth]), drawFloats(draw, [depth, n])];
      const [x, y] = [rounded(a), rounded(b)];
      const expected = Array.from({ length: m * n }, (_, at) => {
        let sum = 0;
        for (let i = 0; i < depth; i++) {
          const [row, column] = [Math.floor(at / n), at % n];
          const product = fround((x[row * depth + i] ?? NaN) * (y[i * n + column] ?? NaN));
          sum = fround(sum + product);
        }
        return sum;
      });
      const dispatch = {
        sizes: [m, n, depth].map(k.int),
        groups: [k.int(2), k.int(2), k.int(1)],
      } as const;
      const results = await runKernel(
        matrixProduct(),
        { a, b, out: blank(m, n) },
        dispatch,
        options,
      );
      expect(numbersOf(results, 'out')).toEqual(expected);
    },
  );

  test.each([{}, { backward: true }])('a sum by a tree, %o', async (options) => {
    const kernel = kernelOf({
      buffers: [reads('x'), writes('sums')],
      workgroup: [8, 1, 1],
      shared: [{ name: 'part', element: 'f32', length: 8 }],
      body: [
        store(
          'part',
          invocation,
          k.load('x', k.add(k.mul(k.workgroup(0), k.int(8)), invocation), 'f32'),
        ),
        varOf('stride', k.int(4)),
        barrier,
        {
          kind: 'while',
          condition: k.less(k.int(0), int('stride')),
          body: [
            ...k.when(k.less(invocation, int('stride')), [
              letOf('other', k.load('part', k.add(invocation, int('stride')), 'f32')),
              store('part', invocation, k.add(k.load('part', invocation, 'f32'), float('other'))),
            ]),
            assign('stride', k.div(int('stride'), k.int(2))),
            barrier,
          ],
        },
        ...k.when(k.equal(invocation, k.int(0)), [
          store('sums', k.workgroup(0), k.load('part', k.int(0), 'f32')),
        ]),
      ],
    });
    const x = drawFloats(drawer(5), [3, 8]);
    const expected = [0, 1, 2].map((group) => {
      let part = rounded(x).slice(8 * group, 8 * group + 8);
      while (part.length > 1) {
        const half = part.length / 2;
        part = part.slice(0, half).map((left, i) => fround(left + (part[half + i] ?? NaN)));
      }
      return part[0];
    });
    const groups = [k.int(3), k.int(1), k.int(1)] as const;
    const results = await runKernel(kernel, { x, sums: blank(3) }, { groups }, options);
    expect(numbersOf(results, 'sums')).toEqual(expected);
  });

  test('both branches of a common condition may have barriers; locals are each invocation’s', async () => {
    const turn = k.sub(k.int(3), invocation);
    const exchange = (by: number): Kernel['body'] => [
      store('box', invocation, int('own')),
      barrier,
      assign('own', k.add(k.load('box', turn, 'i32'), k.int(by))),
    ];
    const kernel = kernelOf({
      buffers: [writes('out', 'i32')],
      sizes: ['n'],
      workgroup: [4, 1, 1],
      shared: [{ name: 'box', element: 'i32', length: 4 }],
      body: [
        varOf('own', k.mul(invocation, invocation)),
        {
          kind: 'if',
          condition: k.less(k.size('n'), k.int(2)),
          then: exchange(100),
          otherwise: exchange(200),
        },
        store('out', invocation, int('own')),
      ],
    });
    for (const [n, by] of [
      [1, 100],
      [2, 200],
    ] as const) {
      const sizes = [k.int(n)];
      const results = await runKernel(kernel, { out: ints([4], [0, 0, 0, 0]) }, { sizes });
      expect(numbersOf(results, 'out')).toEqual([9 + by, 4 + by, 1 + by, 0 + by]);
    }
  });

  test('registers are each invocation’s own and zero in every workgroup', async () => {
    const cell = k.add(k.mul(k.workgroup(0), k.int(2)), invocation);
    const kernel = kernelOf({
      buffers: [writes('out')],
      workgroup: [2, 1, 1],
      registers: [{ name: 'r', element: 'f32', length: 3 }],
      body: [
        store(
          'r',
          k.int(1),
          k.add(k.load('r', k.int(1), 'f32'), k.unary('toFloat', k.add(cell, k.int(1)))),
        ),
        store('out', cell, k.add(k.load('r', k.int(1), 'f32'), k.load('r', k.int(2), 'f32'))),
      ],
    });
    const groups = [k.int(3), k.int(1), k.int(1)] as const;
    const results = await runKernel(kernel, { out: blank(6) }, { groups });
    expect(numbersOf(results, 'out')).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

test('places count along three axes', async () => {
  const along = (axis: 0 | 1 | 2, extent: number): Expression =>
    k.add(k.mul(k.workgroup(axis), k.int(extent)), k.invocation(axis));
  const [x, y, z] = [along(0, 2), along(1, 3), along(2, 2)];
  const kernel = kernelOf({
    buffers: [writes('out', 'i32')],
    workgroup: [2, 3, 2],
    body: [
      store(
        'out',
        k.add(k.mul(k.add(k.mul(z, k.int(6)), y), k.int(4)), x),
        k.add(k.add(k.mul(z, k.int(100)), k.mul(y, k.int(10))), x),
      ),
    ],
  });
  const out = ints([2, 6, 4], new Array<number>(48).fill(0));
  const groups = [k.int(2), k.int(2), k.int(1)] as const;
  const expected = Array.from({ length: 48 }, (_, at) => {
    return 100 * Math.floor(at / 24) + 10 * (Math.floor(at / 4) % 6) + (at % 4);
  });
  expect(numbersOf(await runKernel(kernel, { out }, { groups }), 'out')).toEqual(expected);
});
