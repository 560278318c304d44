/** Elementwise ops: values, the ends of the range, and the rounding of f32. */
import { describe, expect, test } from 'vitest';
import { allOps } from '../../../compiler/ops/all.ts';
import { floats, ints } from '../../../compiler/verify/arrays.ts';
import { bools, valuesOf } from '../../support/op-runs.ts';

const extremes = [-Infinity, -1e4, -750, -40, -1e-300, 0, 1e-300, 40, 750, 1e4, Infinity];

function unary(op: string, ...values: number[]): number[] {
  return valuesOf(op, [floats([values.length], values)]);
}

function binary(op: string, x: number[], y: number[]): number[] {
  return valuesOf(op, [floats([x.length], x), floats([y.length], y)]);
}

describe('functions of one number', () => {
  test.each(['tanh', 'sigmoid', 'softplus', 'exp', 'erf', 'abs', 'sign', 'floor', 'neg'])(
    '%s has no NaN at either end',
    (op) => {
      for (const value of unary(op, ...extremes)) expect(value).not.toBeNaN();
    },
  );

  test('ends of the squashing functions', () => {
    expect(unary('sigmoid', -Infinity, -1e4, 0, 1e4, Infinity)).toEqual([0, 0, 0.5, 1, 1]);
    expect(unary('tanh', -Infinity, -1e4, 0, 1e4, Infinity)).toEqual([-1, -1, 0, 1, 1]);
    expect(unary('softplus', -Infinity, -1e4, 1e4, Infinity)).toEqual([0, 0, 1e4, Infinity]);
    expect(unary('erf', -Infinity, -1e4, 0, 1e4, Infinity)).toEqual([-1, -1, 0, 1, 1]);
  });

  test('the small ends keep their digits', () => {
    expect(unary('sigmoid', -40)[0]).toBeCloseTo(Math.exp(-40), 30);
    expect(unary('softplus', -40)[0]).toBeCloseTo(Math.exp(-40), 30);
    expect(unary('erf', 1e-20)[0]).toBeCloseTo(2e-20 / Math.sqrt(Math.PI), 34);
  });

  test('log is -Infinity at 0 and NaN below', () => {
    expect(unary('log', 0, 1, Infinity, -1)).toEqual([-Infinity, 0, Infinity, NaN]);
  });

  // As the C library's erf has them.
  test('erf against tables', () => {
    const points = [0.5, 1, 2, 2.4999, 2.5, 3, 4, 5.9];
    const wanted = [
      0.5204998778130465, 0.8427007929497149, 0.9953222650189527, 0.9995928300996666,
      0.999593047982555, 0.9999779095030014, 0.9999999845827421, 0.9999999999999999,
    ];
    unary('erf', ...points).forEach((value, i) => {
      expect(Math.abs(value - (wanted[i] ?? NaN))).toBeLessThan(4e-16);
    });
  });

  test('sin, cos, sqrt, sign, floor', () => {
    expect(unary('sin', 0, 1)).toEqual([0, Math.sin(1)]);
    expect(unary('cos', 0, 1)).toEqual([1, Math.cos(1)]);
    expect(unary('sqrt', 0, 9)).toEqual([0, 3]);
    expect(unary('sign', -3, 0, 5)).toEqual([-1, 0, 1]);
    expect(unary('floor', -1.5, 1.5)).toEqual([-2, 1]);
  });

  test('stopGradient is its operand', () => {
    expect(unary('stopGradient', 1, -2)).toEqual([1, -2]);
  });
});

describe('functions of two numbers', () => {
  test('arithmetic', () => {
    expect(binary('add', [1, 2], [3, 4])).toEqual([4, 6]);
    expect(binary('sub', [1, 2], [3, 5])).toEqual([-2, -3]);
    expect(binary('mul', [2, -3], [4, 5])).toEqual([8, -15]);
    expect(binary('div', [1, 1, 0], [4, 0, 0])).toEqual([0.25, Infinity, NaN]);
    expect(binary('pow', [2, -2, 0], [3, 3, 0])).toEqual([8, -8, 1]);
  });

  test('max and min pass NaN on', () => {
    expect(binary('max', [1, NaN, 2], [3, 1, NaN])).toEqual([3, NaN, NaN]);
    expect(binary('min', [1, NaN, 2], [3, 1, NaN])).toEqual([1, NaN, NaN]);
  });

  test('comparisons', () => {
    expect(binary('less', [1, 2, NaN], [2, 2, 1])).toEqual([1, 0, 0]);
    expect(binary('lessEqual', [1, 2, 3], [2, 2, 2])).toEqual([1, 1, 0]);
    expect(binary('equal', [1, 2, NaN], [2, 2, NaN])).toEqual([0, 1, 0]);
  });

  test('ints stay ints', () => {
    expect(valuesOf('add', [ints([2], [1, 2]), ints([2], [3, 4])])).toEqual([4, 6]);
    expect(valuesOf('neg', [ints([1], [5])])).toEqual([-5]);
  });

  test('operands must agree', () => {
    expect(() => binary('add', [1], [1, 2])).toThrow('operands differ in shape');
    expect(() => valuesOf('add', [ints([1], [1]), floats([1], [1])])).toThrow('int and float');
    expect(() => valuesOf('exp', [ints([1], [1])])).toThrow('takes float');
  });
});

test('logic', () => {
  const x = bools([4], [0, 0, 1, 1]);
  const y = bools([4], [0, 1, 0, 1]);
  expect(valuesOf('and', [x, y])).toEqual([0, 0, 0, 1]);
  expect(valuesOf('or', [x, y])).toEqual([0, 1, 1, 1]);
  expect(valuesOf('not', [x])).toEqual([1, 1, 0, 0]);
});

test('select takes from either side, and NaN of the other does not leak', () => {
  const condition = bools([2], [1, 0]);
  expect(valuesOf('select', [condition, floats([2], [1, NaN]), floats([2], [NaN, 4])])).toEqual([
    1, 4,
  ]);
});

test('cast holds within 32 bits and truncates', () => {
  const x = floats([6], [1.9, -1.9, NaN, 1e20, -Infinity, 0]);
  expect(valuesOf('cast', [x], { dtype: 'int' })).toEqual([1, -1, 0, 2147483647, -2147483648, 0]);
  expect(valuesOf('cast', [x], { dtype: 'bool' })).toEqual([1, 1, 1, 1, 1, 0]);
  expect(valuesOf('cast', [bools([2], [0, 1])], { dtype: 'float' })).toEqual([0, 1]);
});

test('in f32 results are rounded', () => {
  const x = floats([1], [0.1]);
  const y = floats([1], [0.2]);
  const [sum] = valuesOf('add', [x, y], {}, 'f32');
  expect(sum).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
  expect(valuesOf('exp', [x], {}, 'f32')).toEqual([Math.fround(Math.exp(Math.fround(0.1)))]);
});

test('every op has a name of its own and a line of documentation', () => {
  expect(new Set(allOps.map((op) => op.name)).size).toBe(allOps.length);
  for (const op of allOps) expect(op.doc).not.toBe('');
});
