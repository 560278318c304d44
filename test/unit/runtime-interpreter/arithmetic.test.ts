/** What each operation of a kernel gives, bit for bit. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { Expression, ScalarType } from '../../../runtime/artifact/kernel.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import {
  assign,
  blank,
  kernelOf,
  numbersOf,
  reads,
  runKernel,
  store,
  varOf,
  writes,
} from './programs.ts';

type Make = (...operands: Expression[]) => Expression;

/** The expression as a function of the arguments, each of the same type. */
function evaluate(type: ScalarType, make: Make, ...values: number[]): number {
  const parameters = values.map((_, i) => ({ name: `x${i}`, type }));
  const result = make(...parameters.map(({ name }) => k.local(name, type)));
  const { locals, result: run } = compileFunctions([{ name: 'f', parameters, lets: [], result }])(
    'f',
  );
  locals.set(values);
  return run();
}

const binary =
  (op: Parameters<typeof k.binary>[0]): Make =>
  (x = k.int(0), y = k.int(0)) =>
    k.binary(op, x, y);
const unary =
  (op: Parameters<typeof k.unary>[0]): Make =>
  (x = k.int(0)) =>
    k.unary(op, x);

describe('f32', () => {
  test('each operation is rounded once', () => {
    const draw = drawer(1);
    const single = new Float32Array(3);
    for (let i = 0; i < 200; i++) {
      const [x, y] = [Math.fround(draw() * 1e6), Math.fround(draw() - 0.5)];
      const all = { add: x + y, sub: x - y, mul: x * y, div: x / y };
      for (const [op, exact] of Object.entries(all)) {
        single[0] = exact;
        const name = op === 'add' || op === 'sub' || op === 'mul' ? op : 'div';
        expect(evaluate('f32', binary(name), x, y)).toBe(single[0]);
      }
      single[0] = Math.sqrt(x);
      expect(evaluate('f32', unary('sqrt'), x)).toBe(single[0]);
    }
    expect(evaluate('f32', () => k.float(0.1))).toBe(Math.fround(0.1));
    expect(evaluate('i32', unary('toFloat'), 16777217)).toBe(16777216);
  });

  test('signs, floors, the less and the greater', () => {
    expect(evaluate('f32', unary('floor'), -1.5)).toBe(-2);
    expect(evaluate('f32', unary('abs'), -1.5)).toBe(1.5);
    expect(evaluate('f32', unary('neg'), 0)).toBe(-0);
    expect(evaluate('f32', binary('min'), 2, -3)).toBe(-3);
    expect(evaluate('f32', binary('max'), 2, -3)).toBe(2);
  });

  test('nothing compares with a NaN', () => {
    for (const op of ['less', 'lessEqual', 'equal'] as const) {
      expect(evaluate('f32', binary(op), NaN, 1)).toBe(0);
      expect(evaluate('f32', binary(op), NaN, NaN)).toBe(0);
    }
    expect(evaluate('f32', binary('notEqual'), NaN, NaN)).toBe(1);
    expect(evaluate('f32', binary('lessEqual'), 1, 1)).toBe(1);
    expect(evaluate('f32', binary('less'), 1, 1)).toBe(0);
  });

  test('becomes whole towards zero, held within 32 bits', () => {
    const cases = [
      [1.9, 1],
      [-1.9, -1],
      [-0.5, 0],
      [NaN, 0],
      [3e9, 2147483647],
      [-Infinity, -2147483648],
    ] as const;
    for (const [x, whole] of cases) expect(evaluate('f32', unary('toInt'), x)).toBe(whole);
  });

  test('and its bits', () => {
    expect(evaluate('f32', unary('toBits'), 1)).toBe(0x3f800000);
    expect(evaluate('f32', unary('toBits'), -0)).toBe(-2147483648);
    expect(evaluate('i32', unary('fromBits'), 0x40490fdb)).toBe(Math.fround(Math.PI));
  });
});

describe('i32', () => {
  const cases: readonly (readonly [Parameters<typeof k.binary>[0], number, number, number])[] = [
    ['add', 2147483647, 1, -2147483648],
    ['sub', -2147483648, 1, 2147483647],
    ['mul', 65537, 65537, 131073],
    ['mul', 0x7fffffff, 0x7fffffff, 1],
    ['div', -7, 2, -3],
    ['mod', 7, 3, 1],
    ['min', -1, 1, -1],
    ['max', -1, 1, 1],
    ['equal', 4, 4, 1],
    ['bitAnd', 12, 10, 8],
    ['bitOr', 12, 10, 14],
    ['bitXor', -1, 10, -11],
    ['shiftLeft', 1, 31, -2147483648],
    ['shiftRight', -1, 28, 15],
    ['shiftRight', -2147483648, 0, -2147483648],
  ];
  test.each(cases)('%s of %d and %d is %d', (op, x, y, expected) => {
    expect(evaluate('i32', binary(op), x, y)).toBe(expected);
  });

  test('signs wrap', () => {
    expect(evaluate('i32', unary('neg'), -2147483648)).toBe(-2147483648);
    expect(evaluate('i32', unary('abs'), -2147483648)).toBe(-2147483648);
    expect(Object.is(evaluate('i32', unary('neg'), 0), 0)).toBe(true);
  });

  test('what other targets leave open is refused', () => {
    expect(() => evaluate('i32', binary('div'), 1, 0)).toThrow('divided by 0');
    expect(() => evaluate('i32', binary('mod'), 1, 0)).toThrow('divided by 0');
    expect(() => evaluate('i32', binary('mod'), -1, 2)).toThrow('remainder of a division with -1');
    expect(() => evaluate('i32', binary('shiftLeft'), 1, 32)).toThrow('a shift by 32');
  });
});

test('bools', () => {
  for (const [x, y] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    expect(evaluate('bool', binary('and'), x, y)).toBe(x * y);
    expect(evaluate('bool', binary('or'), x, y)).toBe(Math.max(x, y));
    expect(evaluate('bool', unary('not'), x)).toBe(1 - x);
    expect(evaluate('bool', (c = k.bool(true)) => k.select(c, k.int(7), k.int(8)), x)).toBe(8 - x);
  }
});

test('a function may be called within its own arguments', () => {
  const [x, y] = [k.local('x', 'f32'), k.local('y', 'f32')];
  const parameters = ['x', 'y'].map((name) => ({ name, type: 'f32' as const }));
  const functionNamed = compileFunctions([
    {
      name: 'twice',
      parameters,
      lets: [
        {
          name: 'd',
          value: k.call(
            'difference',
            [k.call('difference', [x, y], 'f32'), k.call('difference', [y, x], 'f32')],
            'f32',
          ),
        },
        { name: 'e', value: k.add(k.local('d', 'f32'), k.float(1)) },
      ],
      result: k.mul(k.local('e', 'f32'), k.local('d', 'f32')),
    },
    { name: 'difference', parameters, lets: [], result: k.sub(x, y) },
  ]);
  const { locals, result } = functionNamed('twice');
  locals.set([5, 2]);
  // (5 − 2) − (2 − 5) = 6, times 6 + 1.
  expect(result()).toBe(42);
  expect(() => functionNamed('thrice')).toThrow('there is no function thrice');
});

test('four numbers at once', async () => {
  const four = k.local('v', 'f32x4');
  const kernel = kernelOf({
    buffers: [reads('x'), writes('out')],
    body: [
      varOf('v', k.load('x', k.int(4), 'f32x4')),
      varOf('w', k.unary('splat', k.lane(four, 1))),
      // Each lane is made of others; all of them must be the old ones.
      assign('v', k.add(k.mul(four, k.local('w', 'f32x4')), k.unary('splat', k.lane(four, 0)))),
      store('out', k.int(0), k.unary('neg', four)),
      store(
        'out',
        k.int(4),
        k.select(k.less(k.lane(four, 3), k.float(0)), k.local('w', 'f32x4'), four),
      ),
    ],
  });
  const x = { dtype: 'float', shape: [8], data: Float32Array.of(0, 0, 0, 0, 1, 2, 3, 4) } as const;
  const results = await runKernel(kernel, { x, out: blank(8) });
  expect(numbersOf(results, 'out')).toEqual([-3, -5, -7, -9, 3, 5, 7, 9]);
});

test('four numbers at once within a function', () => {
  const [x, four, last] = [k.local('x', 'f32'), k.local('v', 'f32x4'), k.local('w', 'f32')];
  const functionNamed = compileFunctions([
    {
      name: 'lanes',
      parameters: [{ name: 'x', type: 'f32' }],
      lets: [
        { name: 'v', value: k.pack([x, k.float(10), k.float(20), k.float(30)]) },
        { name: 'w', value: k.lane(four, 3) },
      ],
      result: k.add(k.add(k.lane(four, 0), k.lane(four, 2)), last),
    },
  ]);
  const { locals, result } = functionNamed('lanes');
  locals.set([5]);
  expect(result()).toBe(55);
});
