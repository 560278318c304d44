/** Numbers and operations on a device: what it reads in our text is what the kernel says. */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import type { BinaryOp, Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import { gpuDevice, gpuUnavailable } from '../../support/gpu.ts';
import { runWgsl } from '../../support/wgsl-runs.ts';

const shared = await gpuDevice();
const note = `on a device ${gpuUnavailable ?? ''}`;

function device(): GPUDevice {
  if (shared === undefined) throw new Error(gpuUnavailable);
  return shared;
}

const store = (memory: string, index: number, value: Expression): Statement => {
  return { kind: 'store', memory, index: k.int(index), value };
};

/** Stores each expression; `x` and `i` are what it may load from. */
async function evaluate(
  values: readonly Expression[],
  x: Float32Array,
  i: Int32Array,
): Promise<readonly [Float32Array, Int32Array]> {
  const floats = values.map((value) => k.typeOf(value) === 'f32');
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
    body: values.map((value, at) => store(floats[at] === true ? 'f' : 'n', at, value)),
  };
  const outputs = [new Float32Array(values.length), new Int32Array(values.length)];
  const found = await runWgsl(device(), { kernel, tensors: [x, i, ...outputs] });
  const [, , f, n] = found;
  if (!(f instanceof Float32Array && n instanceof Int32Array)) throw new Error('two results');
  return [f, n];
}

const nothing = [new Float32Array(4), new Int32Array(4)] as const;

describe.skipIf(gpuUnavailable !== undefined)(note, () => {
  test('each f32 is read as the same bits', async () => {
    const draw = drawer(3);
    const bits = Uint32Array.from({ length: 400 }, (_, i) => {
      const some = Math.floor(draw() * 2 ** 32);
      // A third of them are denormal.
      return i % 3 === 0 ? some & 0x807fffff : some;
    });
    bits.set([0, 0x80000000, 0x7f800000, 0xff800000, 1, 0x80000001, 0x7fffff, 0x800000]);
    bits.set([0x7f7fffff, 0xff7fffff, 0x3f800000, 0x4b800000, 0x7fc00000], 8);
    const values = new Float32Array(bits.buffer);
    const [floats] = await evaluate(Array.from(values, k.float), ...nothing);
    // Bit for bit, but that all NaN are alike.
    expect(floats).toEqual(values);
    const [, ints] = await evaluate(
      Array.from(values, (value) => k.unary('toBits', k.float(value))).slice(0, 300),
      ...nothing,
    );
    const finite = bits.subarray(0, 300).map((b, i) => (Number.isNaN(values[i]) ? 0x7fc00000 : b));
    expect(new Uint32Array(ints.buffer)).toEqual(finite);
  });

  test('whole numbers wrap, shift and divide, constants or not', async () => {
    const operands = [-5, 2147483647, -2147483648, 0, 31];
    const ops = new Map<BinaryOp, (x: number, y: number) => number>([
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
    const defined = (op: BinaryOp, x: number, y: number): boolean => {
      if (op === 'mod') return x >= 0 && y > 0;
      return op === 'div' ? y !== 0 : !op.startsWith('shift') || (y >= 0 && y < 32);
    };
    for (const op of ops.keys()) {
      const values: Expression[] = [];
      const wanted: number[] = [];
      for (const [i, a] of operands.entries()) {
        for (const [j, b] of operands.entries()) {
          const result = defined(op, a, b) ? ops.get(op)?.(a, b) : undefined;
          if (result === undefined) continue;
          const [x, y] = [k.load('i', k.int(i), 'i32'), k.load('i', k.int(j), 'i32')];
          const folded: Expression = { kind: 'binary', op, x: k.int(a), y: k.int(b), type: 'i32' };
          const half = [k.binary(op, x, k.int(b)), k.binary(op, k.int(a), y)];
          values.push(k.binary(op, x, y), ...half, folded);
          wanted.push(...values.slice(-4).map(() => result | 0));
        }
      }
      const [, ints] = await evaluate(values, new Float32Array(4), Int32Array.from(operands));
      expect(Array.from(ints), op).toEqual(wanted);
    }
  });

  test('towards zero, within 32 bits, and 0 for NaN', async () => {
    const x = Float32Array.of(1.5, -1.5, 2147483520, 2 ** 31, -(2 ** 31), -2147483904, 1e20, -1e20);
    const more = Float32Array.of(Infinity, -Infinity, NaN, 0.99999994, -0.99999994, 16777217, -0);
    const all = Float32Array.of(...x, ...more);
    const loaded = Array.from(all, (_, i) => k.unary('toInt', k.load('x', k.int(i), 'f32')));
    const constant = Array.from(all, (value) => k.unary('toInt', k.float(value)));
    const [, ints] = await evaluate([...loaded, ...constant], all, new Int32Array(4));
    const low = -2147483648;
    const high = 2147483647;
    const wanted = [1, -1, 2147483520, high, low, low, high, low];
    wanted.push(high, low, 0, 0, 0, 16777216, 0);
    expect(Array.from(ints)).toEqual([...wanted, ...wanted]);
  });

  test('constants that WGSL would refuse to fold', async () => {
    const { float, unary, div, mul, add } = k;
    const values = [
      div(float(1), float(0)),
      mul(float(3e38), float(10)),
      unary('fromBits', k.int(-8388608)),
      add(float(Infinity), float(-Infinity)),
      unary('sqrt', float(-1)),
      unary('neg', float(0)),
    ];
    const [floats] = await evaluate(values, ...nothing);
    expect(Array.from(floats)).toEqual([Infinity, Infinity, -Infinity, NaN, NaN, -0]);
  });

  test('expressions of any depth', async () => {
    let sum: Expression = k.load('x', k.int(0), 'f32');
    let signs: Expression = k.load('i', k.int(0), 'i32');
    for (let n = 0; n < 600; n++) {
      sum = n % 2 === 0 ? k.sub(k.float(n), sum) : k.unary('neg', sum);
      signs = k.binary('bitXor', k.int(n), signs);
    }
    const [floats, ints] = await evaluate([sum, signs], Float32Array.of(3), Int32Array.of(9));
    let [wanted, bits] = [3, 9];
    for (let n = 0; n < 600; n++) {
      wanted = n % 2 === 0 ? n - wanted : -wanted;
      bits ^= n;
    }
    expect([floats[0], ints[1]]).toEqual([wanted, bits]);
  });
});
