/** Products and lookups: dot in every form, gather and its transpose. */
import { describe, expect, test } from 'vitest';
import { fixed } from '../../../compiler/graph/dim.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { drawn, evaluateOp, required, valuesOf } from '../../support/op-runs.ts';

function axes(
  contractLeft: number[],
  contractRight: number[],
  batchLeft: number[] = [],
  batchRight: number[] = [],
): Record<string, number[]> {
  return { contractLeft, contractRight, batchLeft, batchRight };
}

/** x Wᵀ by the definition, in ascending order. */
function plainProduct(x: NdArray, w: NdArray, round: (value: number) => number): number[] {
  const [m = 0, k = 0] = x.shape;
  const [n = 0] = w.shape;
  const result: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const term = round(round(x.data[i * k + p] ?? 0) * round(w.data[j * k + p] ?? 0));
        sum = round(sum + term);
      }
      result.push(sum);
    }
  }
  return result;
}

describe('dot', () => {
  test('of matrices', () => {
    const x = floats([2, 2], [1, 2, 3, 4]);
    const y = floats([2, 2], [5, 6, 7, 8]);
    expect(valuesOf('dot', [x, y], axes([1], [0]))).toEqual([19, 22, 43, 50]);
    expect(valuesOf('dot', [x, y], axes([1], [1]))).toEqual([17, 23, 39, 53]);
    expect(valuesOf('dot', [x, y], axes([0], [0]))).toEqual([26, 30, 38, 44]);
    expect(valuesOf('dot', [x, y], axes([0, 1], [1, 0]))).toEqual([5 + 14 + 18 + 32]);
    expect(valuesOf('dot', [x, y], axes([1], [1], [0], [0]))).toEqual([17, 53]);
    expect(valuesOf('dot', [x, y], axes([], [], [0], [0]))).toEqual([5, 6, 10, 12, 21, 24, 28, 32]);
  });

  test.each([
    [1, 7, 1],
    [4, 3, 2],
    [5, 8, 3],
    [7, 16, 9],
    [3, 0, 2],
    [0, 3, 2],
  ])('%d by %d by %d, to the last bit in either precision', (m, k, n) => {
    const x = drawn('float', [m, k], 1);
    const w = drawn('float', [n, k], 2);
    const exact = valuesOf('dot', [x, w], axes([1], [1]));
    expect(exact).toEqual(plainProduct(x, w, (value) => value));
    const rounded = valuesOf('dot', [x, w], axes([1], [1]), 'f32');
    expect(rounded).toEqual(plainProduct(x, w, Math.fround));
  });

  test('result axes are batch, left free, right free', () => {
    const x = drawn('float', [2, 3, 4, 5], 1);
    const y = drawn('float', [5, 6, 3, 7], 2);
    const [result] = evaluateOp('dot', [x, y], axes([3], [0], [1], [2]));
    expect(required(result).shape).toEqual([3, 2, 4, 6, 7]);
  });

  test('refuses what does not meet', () => {
    const x = floats([1, 2], [1, 2]);
    expect(() => valuesOf('dot', [x, x], axes([0], [1]))).toThrow('differ in size');
    expect(() => valuesOf('dot', [x, x], axes([1], [1], [1], [0]))).toThrow('named twice');
  });
});

describe('gather and scatterAdd', () => {
  const table = floats([3, 2], [1, 2, 3, 4, 5, 6]);

  test('rows by id', () => {
    const ids = ints([2, 2], [2, 0, 1, 1]);
    expect(valuesOf('gather', [table, ids], { batch: 0 })).toEqual([5, 6, 1, 2, 3, 4, 3, 4]);
  });

  test('one of each row', () => {
    const scores = floats([2, 3], [1, 2, 3, 4, 5, 6]);
    expect(valuesOf('gather', [scores, ints([2], [2, 0])], { batch: 1 })).toEqual([3, 4]);
  });

  test('updates that meet are summed', () => {
    const ids = ints([3], [1, 0, 1]);
    const updates = floats([3, 2], [1, 2, 3, 4, 5, 6]);
    const attributes = { rows: fixed(3), batch: 0 };
    expect(valuesOf('scatterAdd', [ids, updates], attributes)).toEqual([3, 4, 6, 8, 0, 0]);
    expect(
      valuesOf('scatterAdd', [ints([2], [1, 0]), floats([2], [7, 8])], {
        rows: fixed(2),
        batch: 1,
      }),
    ).toEqual([0, 7, 8, 0]);
  });

  test('an id that is no row is named with its place', () => {
    const ids = ints([2, 2], [2, 0, 1, 3]);
    const fault = (): unknown => valuesOf('gather', [table, ids], { batch: 0 });
    expect(fault).toThrow(RuntimeFault);
    expect(fault).toThrow('the id at [1, 1] is 3, but there are 3 rows');
    const negative = ints([1], [-1]);
    expect(() => valuesOf('gather', [table, negative], { batch: 0 })).toThrow('at [0] is -1');
  });
});
