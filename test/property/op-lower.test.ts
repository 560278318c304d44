/**
 * Law: every op's rule for kernels gives, element by element, what the op's evaluation in f32
 * gives: the same bits, but for the functions that have formulas of their own here.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixed } from '../../compiler/graph/dim.ts';
import type { Attributes } from '../../compiler/graph/types.ts';
import { allOps } from '../../compiler/ops/all.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { floats, ints } from '../../compiler/verify/arrays.ts';
import { runLowered } from '../support/lowered.ts';
import { opCases, stackedOnly, type OpCase } from '../support/op-cases.ts';
import { bools, drawn, evaluateOp, required } from '../support/op-runs.ts';
import { ulpsBetween } from '../support/ulps.ts';

/**
 * In units of the last place. The reference is Math in f64, rounded; the bounds of the formulas
 * against the true values are tested in test/unit/kernel-math, and rounding adds a half.
 */
const tolerances: Readonly<Record<string, number>> = {
  exp: 1.5,
  log: 1.5,
  tanh: 2,
  sigmoid: 3,
  softplus: 2.5,
  sin: 1.6,
  cos: 1.6,
  erf: 1.8,
  pow: 1.8,
};

type Use = Omit<OpCase, 'varying'>;

function use(op: string, attributes: Attributes, ...operands: readonly NdArray[]): Use {
  return { op, operands, attributes };
}

function expectSame({ op, operands: given, attributes }: Use): void {
  const operands = given.map(asSingle);
  const [expected] = evaluateOp(op, operands, attributes, 'f32');
  for (const sizes of ['known', 'open'] as const) {
    const like = required(expected);
    const found = runLowered({ op, operands, attributes, like, sizes });
    like.data.forEach((wanted, i) => {
      const value = required(found.data[i]);
      const tolerance = tolerances[op] ?? 0;
      if (tolerance === 0) expect(value, `${op}, element ${i}`).toBe(wanted);
      else {
        const error = ulpsBetween(value, wanted);
        expect(error, `${op}, element ${i}: ${value}`).toBeLessThanOrEqual(tolerance);
      }
    });
  }
}

function asSingle(array: NdArray): NdArray {
  return array.dtype === 'float' ? { ...array, data: Float32Array.from(array.data) } : array;
}

const cases = { ...opCases, ...stackedOnly };

test('every op but scan has a rule, and cases here', () => {
  const sources = ['constant', 'size', 'iota', 'random'];
  const wanted = allOps.map(({ name }) => name).filter((name) => name !== 'scan');
  expect([...Object.keys(cases), ...sources].sort()).toEqual(wanted.sort());
  for (const { name, lower } of allOps) expect(lower === undefined, name).toBe(name === 'scan');
});

describe('drawn cases', () => {
  test.each(Object.keys(cases))('%s', (name) => {
    const law = fc.property(required(cases[name]), expectSame);
    fc.assert(law, { numRuns: 40, seed: 6061 });
  });
});

test('sources', () => {
  for (const value of [0, -1.5, 0.1, 1e300, -Infinity]) {
    expectSame(use('constant', { value, dtype: 'float' }));
  }
  expectSame(use('constant', { value: -7, dtype: 'int' }));
  expectSame(use('constant', { value: 1, dtype: 'bool' }));
  expectSame(use('size', { dim: fixed(16777217) }));
  expectSame(use('iota', { dim: fixed(5) }));
  const shape = [3, 1, 7].map(fixed);
  expectSame(use('random', { shape, site: 3 }, ints([2], [12345, -6])));
  expectSame(use('random', { shape: [], site: 0 }, ints([2], [0, 0])));
});

describe('at the ends of the range', () => {
  const least = 2 ** -149;
  const ends = [0, -0, 1, -1, 2.5, -3, 1e30, -1e30, least, -least, Infinity, -Infinity, NaN];
  const intEnds = [0, 1, -1, 7, -8, 46341, 0x7fffffff, -0x80000000];
  const whole = floats([7], [1.9, -1.9, 2147483520, 2147483648, -2147483648, -1e10, 16777217]);

  test.each(['neg', 'abs', 'sign', 'floor', 'sqrt', 'stopGradient'])('%s of floats', (op) => {
    expectSame(use(op, {}, floats([ends.length], ends)));
  });

  test.each(['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'sin', 'cos', 'erf'])('%s', (op) => {
    // Sine and cosine have no digits left where x is that large.
    const x = ends.filter((end) => !Number.isFinite(end) || Math.abs(end) < 1e4);
    expectSame(use(op, {}, floats([x.length], x)));
  });

  test.each(['add', 'sub', 'mul', 'div', 'pow', 'max', 'min', 'less', 'lessEqual', 'equal'])(
    '%s of floats',
    (op) => expectSame(use(op, {}, ...columns(floats, pairs(ends)))),
  );

  test.each(['add', 'sub', 'mul', 'max', 'min', 'less', 'lessEqual', 'equal'])(
    '%s of ints',
    (op) => {
      // The evaluation of a product goes through f64, which is exact up to 2^53.
      const exact = pairs(intEnds).filter(([x, y]) => op !== 'mul' || Number.isSafeInteger(x * y));
      expectSame(use(op, {}, ...columns(ints, exact)));
    },
  );

  test.each(['neg', 'abs', 'sign'])('%s of ints', (op) => {
    expectSame(use(op, {}, ints([intEnds.length], intEnds)));
  });

  test.each(['equal', 'and', 'or'])('%s of bools', (op) => {
    expectSame(use(op, {}, bools([4], [0, 0, 1, 1]), bools([4], [0, 1, 0, 1])));
  });

  test.each(['float', 'int', 'bool'])('cast to %s', (dtype) => {
    for (const operand of [
      floats([ends.length], ends),
      whole,
      ints([8], intEnds),
      bools([2], [0, 1]),
    ]) {
      expectSame(use('cast', { dtype }, operand));
    }
  });

  test('select of each dtype', () => {
    const condition = bools([4], [0, 1, 1, 0]);
    const [a, b] = [floats([4], [NaN, 1, -0, 4]), floats([4], [-0, NaN, 3, Infinity])];
    expectSame(use('select', {}, condition, a, b));
    expectSame(use('select', {}, condition, ints([4], [1, 2, 3, 4]), ints([4], [5, 6, 7, 8])));
    expectSame(use('select', {}, condition, bools([4], [1, 1, 0, 0]), condition));
  });

  test('the largest of a row, where there is a NaN, a tie, nothing', () => {
    const rows = [
      [1, NaN, 3, NaN],
      [NaN, 5, 6, 7],
      [2, 7, 7, 1],
      [-0, 0, -0, 0],
      [-Infinity, -Infinity, -Infinity, -Infinity],
    ];
    const x = floats([5, 4], rows.flat());
    for (const operand of [x, ints([2, 3], [-5, -2, -2, 4, -9, 4]), floats([2, 0], [])]) {
      expectSame(use('argMax', {}, operand));
      expectSame(use('reduceMax', { axes: [1] }, operand));
      expectSame(use('reduceMax', { axes: [0, 1] }, operand));
      expectSame(use('reduceSum', { axes: [1] }, operand));
      expectSame(use('reduceSum', { axes: [] }, operand));
    }
    expectSame(use('reduceMax', { axes: [0] }, ints([0, 3], [])));
  });
});

type Pair = readonly [number, number];

function pairs(values: readonly number[]): readonly Pair[] {
  return values.flatMap((x) => values.map((y): Pair => [x, y]));
}

function columns(
  make: (shape: readonly number[], numbers: readonly number[]) => NdArray,
  rows: readonly Pair[],
): readonly NdArray[] {
  return [0, 1].map((side) =>
    make(
      [rows.length],
      rows.map((row) => row[side] ?? NaN),
    ),
  );
}

describe('what moves data', () => {
  test('keeps any dtype', () => {
    for (const dtype of ['float', 'int', 'bool'] as const) {
      const x = drawn(dtype, [3, 4], 5);
      const lengths = ints([3], [4, 0, 9]);
      expectSame(use('pad', { axis: 1, before: fixed(2), after: fixed(1) }, x));
      expectSame(use('reverse', {}, x, lengths));
      expectSame(use('concat', { axis: 0 }, x, drawn(dtype, [2, 4], 6)));
      expectSame(use('gather', { batch: 0 }, x, ints([2, 2], [2, 0, 1, 2])));
      expectSame(use('reshape', { shape: [2, 1, 6].map(fixed) }, x));
    }
  });

  test('parts and rows without elements are not read', () => {
    const nothing = floats([2, 0], []);
    const x = floats([2, 3], [1, 2, 3, 4, 5, 6]);
    for (const parts of [
      [nothing, x],
      [x, nothing],
      [x, nothing, x],
      [x, x, x],
      [nothing, nothing],
    ]) {
      expectSame(use('concat', { axis: 1 }, ...parts));
    }
    expectSame(use('pad', { axis: 1, before: fixed(1), after: fixed(2) }, nothing));
    expectSame(use('pad', { axis: 1, before: fixed(0), after: fixed(0) }, x));
    expectSame(use('reshape', { shape: [0, 5].map(fixed) }, nothing));
    const contract = { contractLeft: [1], contractRight: [1], batchLeft: [], batchRight: [] };
    expectSame(use('dot', contract, nothing, floats([3, 0], [])));
    expectSame(use('scatterAdd', { rows: fixed(2), batch: 0 }, ints([0], []), floats([0, 3], [])));
  });

  test('scatterAdd of ints, and of one update a row', () => {
    expectSame(
      use(
        'scatterAdd',
        { rows: fixed(3), batch: 0 },
        ints([4], [0, 2, 2, 0]),
        ints([4], [1, 2, 3, 4]),
      ),
    );
    expectSame(
      use(
        'scatterAdd',
        { rows: fixed(3), batch: 1 },
        ints([2], [2, 0]),
        floats([2, 2], [1, NaN, 3, 4]),
      ),
    );
  });

  test('reshape splits and joins any axes', () => {
    const shapes = [
      [2, 3, 4, 5],
      [6, 20],
      [120],
      [2, 12, 5],
      [1, 2, 1, 15, 4, 1],
      [3, 2, 20],
      [4, 5, 6],
    ];
    for (const from of shapes) {
      for (const to of shapes) {
        const x = drawn('int', from, 3, [-100, 100]);
        expectSame(use('reshape', { shape: to.map(fixed) }, x));
      }
    }
    expectSame(use('reshape', { shape: [1, 1].map(fixed) }, floats([], [7])));
    expectSame(use('reshape', { shape: [] }, floats([1, 1], [7])));
  });
});
