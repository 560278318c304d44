/** Operations as WebAssembly: what the kernel IR says comes out, and nothing traps. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type {
  BinaryOp,
  Expression,
  Kernel,
  Statement,
  UnaryOp,
} from '../../../runtime/artifact/kernel.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import { forms, runKernel, type Form } from '../../support/wasm-runs.ts';

const none = [new Float32Array(4), new Int32Array(4)] as const;

/** Stores each expression; `x` and `i` are what it may load from. An f32x4 takes four floats. */
async function evaluate(
  form: Form,
  values: readonly Expression[],
  [x, i]: readonly [Float32Array, Int32Array] = none,
): Promise<readonly [Float32Array, Int32Array]> {
  const kernel: Kernel = {
    name: 'values',
    buffers: [
      { name: 'x', element: 'f32', access: 'read' },
      { name: 'i', element: 'i32', access: 'read' },
      { name: 'f', element: 'f32', access: 'write' },
      { name: 'n', element: 'i32', access: 'write' },
    ],
    sizes: [],
    workgroup: [1, 1, 1],
    shared: [],
    registers: [],
    body: values.map((value, at): Statement => {
      const type = k.typeOf(value);
      const asInt = type === 'bool' ? k.select(value, k.int(1), k.int(0)) : value;
      const index = k.int(4 * at);
      if (type === 'i32' || type === 'bool') {
        return { kind: 'store', memory: 'n', index, value: asInt };
      }
      return { kind: 'store', memory: 'f', index, value };
    }),
  };
  const count = 4 * values.length;
  const tensors = [x, i, new Float32Array(count), new Int32Array(count)];
  const [, , f, n] = await runKernel({ kernel, form, tensors });
  if (!(f instanceof Float32Array && n instanceof Int32Array)) throw new Error('two results');
  return [f, n];
}

const every4 = (_: number, at: number): boolean => at % 4 === 0;

describe.each(forms)('%s', (form) => {
  test('each f32 is the same bits', async () => {
    const draw = drawer(3);
    const bits = Uint32Array.from({ length: 200 }, () => Math.floor(draw() * 2 ** 32));
    bits.set([0, 0x80000000, 0x7f800000, 0xff800000, 1, 0x80000001, 0x7fffff, 0x800000]);
    const values = new Float32Array(bits.buffer);
    const [floats] = await evaluate(form, Array.from(values, k.float));
    expect(floats.filter(every4)).toEqual(values);
  });

  test('whole numbers wrap, shift and divide, constants or not', async () => {
    const operands = [-5, 2147483647, -2147483648, 0, 31, 8, -1];
    for (const [op, meaning] of whole) {
      const values: Expression[] = [];
      const wanted: number[] = [];
      for (const [i, a] of operands.entries()) {
        for (const [j, b] of operands.entries()) {
          const result = isDefined(op, a, b) ? meaning(a, b) : undefined;
          if (result === undefined) continue;
          const [x, y] = [k.load('i', k.int(i), 'i32'), k.load('i', k.int(j), 'i32')];
          const folded: Expression = { kind: 'binary', op, x: k.int(a), y: k.int(b), type: 'i32' };
          const half = [k.binary(op, x, k.int(b)), k.binary(op, k.int(a), y)];
          values.push(k.binary(op, x, y), ...half, folded);
          wanted.push(...values.slice(-4).map(() => result | 0));
        }
      }
      const [, ints] = await evaluate(form, values, [none[0], Int32Array.from(operands)]);
      expect(Array.from(ints.filter(every4)), op).toEqual(wanted);
    }
  });

  test('what a kernel leaves open does not trap', async () => {
    const operands = Int32Array.of(-2147483648, -1, 0, 7, 40);
    const values = [...whole.keys()].flatMap((op) =>
      Array.from({ length: 25 }, (_, at) => {
        const [i, j] = [Math.floor(at / 5), at % 5];
        return k.binary(op, k.load('i', k.int(i), 'i32'), k.load('i', k.int(j), 'i32'));
      }),
    );
    const constants = (['div', 'mod'] as const).flatMap((op) =>
      [0, -1].map((value): Expression => {
        const [x, y] = [k.load('i', k.int(0), 'i32'), k.int(value)];
        return { kind: 'binary', op, x, y, type: 'i32' };
      }),
    );
    const [, ints] = await evaluate(form, [...values, ...constants], [none[0], operands]);
    expect(ints.length).toBe(4 * (values.length + 4));
  });

  test('towards zero, within 32 bits, and 0 for NaN', async () => {
    const x = Float32Array.of(1.5, -1.5, 2147483520, 2 ** 31, -(2 ** 31), -2147483904, 1e20, -1e20);
    const more = Float32Array.of(Infinity, -Infinity, NaN, 0.99999994, -0.99999994, 16777217, -0);
    const all = Float32Array.of(...x, ...more);
    const loaded = Array.from(all, (_, i) => k.unary('toInt', k.load('x', k.int(i), 'f32')));
    const [, ints] = await evaluate(form, loaded, [all, none[1]]);
    const [low, high] = [-2147483648, 2147483647];
    const wanted = [1, -1, 2147483520, high, low, low, high, low];
    wanted.push(high, low, 0, 0, 0, 16777216, 0);
    expect(Array.from(ints.filter(every4))).toEqual(wanted);
  });

  test('floats are compared, bounded and turned round', async () => {
    const x = Float32Array.of(1.5, -2.5, 0, -0, NaN, Infinity);
    const at = (i: number): Expression => k.load('x', k.int(i), 'f32');
    const pairs = Array.from({ length: 36 }, (_, n) => [Math.floor(n / 6), n % 6] as const);
    const numbers = pairs.map(([i, j]) => [x[i] ?? 0, x[j] ?? 0] as const);
    for (const [op, meaning] of comparisons) {
      const values = pairs.map(([i, j]) => k.binary(op, at(i), at(j)));
      const [, ints] = await evaluate(form, values, [x, none[1]]);
      const wanted = numbers.map(([a, b]) => (meaning(a, b) ? 1 : 0));
      expect(Array.from(ints.filter(every4)), op).toEqual(wanted);
    }
    for (const [op, meaning] of floating) {
      const values = pairs.map(([i, j]) => k.binary(op, at(i), at(j)));
      const [floats] = await evaluate(form, values, [x, none[1]]);
      const wanted = numbers.map(([a, b]) => Math.fround(meaning(a, b)));
      expect(Array.from(floats.filter(every4)), op).toEqual(wanted);
    }
    for (const [op, meaning] of alone) {
      const [floats] = await evaluate(
        form,
        Array.from(x, (_, i) => k.unary(op, at(i))),
        [x, none[1]],
      );
      expect(Array.from(floats.filter(every4)), op).toEqual(
        Array.from(x, (value) => Math.fround(meaning(value))),
      );
    }
  });

  test('fours: one by one, chosen together, taken apart and put together', async () => {
    const x = Float32Array.of(1.5, -2.25, 3, -0, 0.5, 8, -1, 7, 9, 10, 11, 12);
    const i = Int32Array.of(2, 5, 0, 1);
    const four = (from: number): Expression => k.load('x', k.int(from), 'f32x4');
    const one = (from: number): Expression => k.load('x', k.int(from), 'f32');
    const [a, b, c] = [four(0), four(4), four(8)];
    const yes = k.less(k.load('i', k.int(2), 'i32'), k.load('i', k.int(3), 'i32'));
    const open: Expression = {
      kind: 'load',
      memory: 'x',
      index: k.int(3),
      type: 'f32x4',
      unaligned: true,
    };
    const by = (n: number): Expression => k.add(k.load('i', k.int(0), 'i32'), k.int(n));
    const cases: [Expression, readonly number[]][] = [
      [k.add(a, b), [2, 5.75, 2, 7]],
      [k.div(c, b), [18, 1.25, -11, Math.fround(12 / 7)]],
      [k.add(k.mul(a, b), c), [9.75, -8, 8, 12]],
      [k.sub(c, k.mul(a, b)), [8.25, 28, 14, 12]],
      [k.unary('floor', a), [1, -3, 3, -0]],
      [
        k.unary('sqrt', k.unary('abs', c)),
        [3, Math.fround(10 ** 0.5), Math.fround(11 ** 0.5), Math.fround(12 ** 0.5)],
      ],
      [k.select(yes, a, b), [1.5, -2.25, 3, -0]],
      [k.select(k.unary('not', yes), a, b), [0.5, 8, -1, 7]],
      [k.unary('splat', k.lane(a, 1)), [-2.25, -2.25, -2.25, -2.25]],
      [k.unary('splat', one(5)), [8, 8, 8, 8]],
      [k.unary('splat', k.float(0.1)), Array.from({ length: 4 }, () => Math.fround(0.1))],
      [k.pack([one(3), one(4), one(5), one(6)]), [-0, 0.5, 8, -1]],
      [k.pack([0, 1, 2, 3].map((n) => k.load('x', by(n), 'f32'))), [3, -0, 0.5, 8]],
      [k.pack([1, 2, 3, 4].map((n) => k.float(n / 2))), [0.5, 1, 1.5, 2]],
      [k.pack([k.float(1), one(0), k.unary('neg', one(4)), one(11)]), [1, 1.5, -0.5, 12]],
      [open, [-0, 0.5, 8, -1]],
    ];
    const [floats] = await evaluate(
      form,
      cases.map(([value]) => value),
      [x, i],
    );
    expect(Array.from(floats)).toEqual(cases.flatMap(([, wanted]) => wanted));
  });

  test('lanes of two names are moved together', async () => {
    const [p, q] = [k.local('p', 'f32x4'), k.local('q', 'f32x4')];
    const kernel: Kernel = {
      name: 'shuffle',
      buffers: [
        { name: 'x', element: 'f32', access: 'read' },
        { name: 'y', element: 'f32', access: 'write' },
      ],
      ...{ sizes: [], workgroup: [1, 1, 1], shared: [], registers: [] },
      body: [
        { kind: 'let', name: 'p', value: k.load('x', k.int(0), 'f32x4') },
        { kind: 'var', name: 'q', value: k.load('x', k.int(4), 'f32x4') },
        {
          kind: 'assign',
          name: 'q',
          value: k.pack([k.lane(q, 3), k.lane(p, 0), k.lane(q, 0), k.lane(p, 2)]),
        },
        { kind: 'store', memory: 'y', index: k.int(0), value: q },
        { kind: 'store', memory: 'y', index: k.int(4), value: k.lane(q, 2) },
        {
          kind: 'assign',
          name: 'q',
          value: k.pack([k.lane(q, 1), k.lane(q, 0), k.lane(q, 3), k.lane(q, 2)]),
        },
        { kind: 'store', memory: 'y', index: k.int(8), value: q },
      ],
    };
    const x = Float32Array.from({ length: 8 }, (_, at) => at + 1);
    const [, y] = await runKernel({ kernel, form, tensors: [x, new Float32Array(12)] });
    expect(y).toEqual(Float32Array.of(8, 1, 5, 3, 5, 0, 0, 0, 1, 8, 3, 5));
  });

  test('expressions of any depth', async () => {
    let sum: Expression = k.load('x', k.int(0), 'f32');
    let signs: Expression = k.load('i', k.int(0), 'i32');
    let [wanted, bits] = [3, 9];
    for (let n = 0; n < 600; n++) {
      sum = n % 2 === 0 ? k.sub(k.float(n), sum) : k.unary('neg', sum);
      signs = k.binary('bitXor', k.int(n), signs);
      wanted = n % 2 === 0 ? n - wanted : -wanted;
      bits ^= n;
    }
    const [floats, ints] = await evaluate(
      form,
      [sum, signs],
      [Float32Array.of(3), Int32Array.of(9)],
    );
    expect([floats[0], ints[4]]).toEqual([wanted, bits]);
  });
});

const whole = new Map<BinaryOp, (x: number, y: number) => number>([
  ['add', (x, y) => (x + y) | 0],
  ['sub', (x, y) => (x - y) | 0],
  ['mul', Math.imul],
  ['div', (x, y) => (x / y) | 0],
  ['mod', (x, y) => x % y],
  ['min', Math.min],
  ['max', Math.max],
  ['bitAnd', (x, y) => x & y],
  ['bitOr', (x, y) => x | y],
  ['bitXor', (x, y) => x ^ y],
  ['shiftLeft', (x, y) => x << y],
  ['shiftRight', (x, y) => (x >>> y) | 0],
]);

function isDefined(op: BinaryOp, x: number, y: number): boolean {
  if (op === 'mod') return x >= 0 && y > 0;
  if (op === 'div') return y !== 0 && !(x === -2147483648 && y === -1);
  return !op.startsWith('shift') || (y >= 0 && y < 32);
}

const comparisons = new Map<BinaryOp, (x: number, y: number) => boolean>([
  ['less', (x, y) => x < y],
  ['lessEqual', (x, y) => x <= y],
  ['equal', (x, y) => x === y],
  ['notEqual', (x, y) => x !== y],
]);

const floating = new Map<BinaryOp, (x: number, y: number) => number>([
  ['add', (x, y) => x + y],
  ['sub', (x, y) => x - y],
  ['mul', (x, y) => x * y],
  ['div', (x, y) => x / y],
  ['min', Math.min],
  ['max', Math.max],
]);

const alone = new Map<UnaryOp, (x: number) => number>([
  ['neg', (x) => -x],
  ['abs', Math.abs],
  ['floor', Math.floor],
  ['sqrt', Math.sqrt],
]);
