/** Ops that move numbers about: broadcast, reshape, transpose, concat, slice, pad, reverse. */
import { describe, expect, test } from 'vitest';
import { fixed, symbol } from '../../../compiler/graph/dim.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { evaluateOp, required, valuesOf } from '../../support/op-runs.ts';

const matrix = floats([2, 3], [1, 2, 3, 4, 5, 6]);

function shapeOf(op: string, attributes: Parameters<typeof evaluateOp>[2]): readonly number[] {
  return required(evaluateOp(op, [matrix], attributes)[0]).shape;
}

describe('broadcast', () => {
  test('repeats along new axes', () => {
    const row = floats([2], [1, 2]);
    const shape = [fixed(2), fixed(3)];
    expect(valuesOf('broadcast', [row], { shape, axes: [0] })).toEqual([1, 1, 1, 2, 2, 2]);
    const wide = [fixed(3), fixed(2)];
    expect(valuesOf('broadcast', [row], { shape: wide, axes: [1] })).toEqual([1, 2, 1, 2, 1, 2]);
    expect(valuesOf('broadcast', [floats([], [7])], { shape, axes: [] })).toEqual(
      new Array<number>(6).fill(7),
    );
  });

  test('to nothing', () => {
    const shape = [fixed(0), fixed(2)];
    expect(valuesOf('broadcast', [floats([2], [1, 2])], { shape, axes: [1] })).toEqual([]);
  });

  test('keeps the sizes of axes', () => {
    const shape = [fixed(2), fixed(3)];
    expect(() => valuesOf('broadcast', [floats([2], [1, 2])], { shape, axes: [1] })).toThrow(
      'axis 0 changes its size',
    );
    expect(() => valuesOf('broadcast', [matrix], { shape, axes: [1, 0] })).toThrow('bad axes');
  });
});

describe('reshape', () => {
  test('keeps row-major order', () => {
    const shape = [fixed(3), fixed(2)];
    expect(valuesOf('reshape', [matrix], { shape })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(shapeOf('reshape', { shape })).toEqual([3, 2]);
  });

  test('counts symbolically', () => {
    const b = new GraphBuilder();
    const twice = { constant: 0, terms: [{ symbol: 'n', coefficient: 2 }] };
    const x = b.parameter('x', { dtype: 'float', shape: [symbol('B'), twice] }, 'input');
    const halves = b.emit('reshape', [x], { shape: [symbol('B'), fixed(2), symbol('n')] });
    expect(halves.type.shape).toHaveLength(3);
    expect(() => b.emit('reshape', [x], { shape: [symbol('B'), symbol('n')] })).toThrow(
      'the number of elements changes',
    );
  });
});

test('transpose puts axis permutation[i] at i', () => {
  expect(valuesOf('transpose', [matrix], { permutation: [1, 0] })).toEqual([1, 4, 2, 5, 3, 6]);
  const cube = floats([2, 1, 3], [1, 2, 3, 4, 5, 6]);
  const [turned] = evaluateOp('transpose', [cube], { permutation: [2, 0, 1] });
  expect(required(turned).shape).toEqual([3, 2, 1]);
  expect([...required(turned).data]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(() => valuesOf('transpose', [matrix], { permutation: [0, 0] })).toThrow('no permutation');
});

test('concat', () => {
  const column = floats([2, 1], [7, 8]);
  expect(valuesOf('concat', [matrix, column], { axis: 1 })).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
  const row = floats([1, 3], [7, 8, 9]);
  expect(valuesOf('concat', [row, matrix], { axis: 0 })).toEqual([7, 8, 9, 1, 2, 3, 4, 5, 6]);
  expect(() => valuesOf('concat', [row, column], { axis: 0 })).toThrow('parts differ in shape');
});

test('slice and pad', () => {
  const cut = { axis: 1, start: fixed(1), length: fixed(2) };
  expect(valuesOf('slice', [matrix], cut)).toEqual([2, 3, 5, 6]);
  const around = { axis: 1, before: fixed(1), after: fixed(2) };
  expect(valuesOf('pad', [floats([2, 1], [1, 2])], around)).toEqual([0, 1, 0, 0, 0, 2, 0, 0]);
  const beyond = { axis: 1, start: fixed(2), length: fixed(2) };
  expect(() => valuesOf('slice', [matrix], beyond)).toThrow('rest of axis 1 is negative');
});

test('reverse turns each sequence within its length', () => {
  const x = floats([3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(valuesOf('reverse', [x, ints([3], [4, 2, 0])])).toEqual([
    4, 3, 2, 1, 6, 5, 0, 0, 0, 0, 0, 0,
  ]);
});

describe('reductions', () => {
  const cube = floats([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

  test('sums over any axes', () => {
    expect(valuesOf('reduceSum', [cube], { axes: [2] })).toEqual([6, 15, 24, 33]);
    expect(valuesOf('reduceSum', [cube], { axes: [0] })).toEqual([8, 10, 12, 14, 16, 18]);
    expect(valuesOf('reduceSum', [cube], { axes: [0, 2] })).toEqual([30, 48]);
    expect(valuesOf('reduceSum', [cube], { axes: [0, 1, 2] })).toEqual([78]);
    expect(valuesOf('reduceMax', [cube], { axes: [0, 1] })).toEqual([10, 11, 12]);
  });

  test('of nothing', () => {
    expect(valuesOf('reduceSum', [floats([0, 2], [])], { axes: [0] })).toEqual([0, 0]);
    expect(valuesOf('reduceMax', [floats([1, 0], [])], { axes: [1] })).toEqual([-Infinity]);
  });

  test('in f32 every partial sum is rounded, in ascending order', () => {
    const x = floats([3], [2 ** 24, 1, 1]);
    expect(valuesOf('reduceSum', [x], { axes: [0] }, 'f32')).toEqual([2 ** 24]);
    expect(valuesOf('reduceSum', [x], { axes: [0] }, 'f64')).toEqual([2 ** 24 + 2]);
    const counts = ints([3], [2 ** 24, 1, 1]);
    expect(valuesOf('reduceSum', [counts], { axes: [0] }, 'f32')).toEqual([2 ** 24 + 2]);
  });

  test('argMax takes the first of equals, and NaN before all', () => {
    const x = floats([4, 3], [1, 3, 3, 5, 4, 5, 1, NaN, 2, -Infinity, -Infinity, -Infinity]);
    expect(valuesOf('argMax', [x])).toEqual([1, 0, 1, 0]);
    expect(valuesOf('reduceMax', [x], { axes: [1] })).toEqual([3, 5, NaN, -Infinity]);
  });
});
