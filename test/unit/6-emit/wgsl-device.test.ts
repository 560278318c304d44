/** Shaders on a device: what it reads in our text is what the kernel says. */
import { describe, expect, test } from 'vitest';
import { kernelWgsl } from '../../../compiler/6-emit/wgsl/emit.ts';
import { reservedNames } from '../../../compiler/6-emit/wgsl/reserved.ts';
import * as k from '../../../compiler/kernel/build.ts';
import { readKernel } from '../../../compiler/kernel/read.ts';
import { verifyKernel } from '../../../compiler/kernel/verify.ts';
import type { BinaryOp, Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { compileKernel } from '../../../runtime/interpreter/compile-kernel.ts';
import { drawer } from '../../support/arrays.ts';
import { gpuDevice, gpuUnavailable } from '../../support/gpu.ts';
import { complaints, runWgsl, type Elements, type WgslRun } from '../../support/wgsl-runs.ts';

const shared = await gpuDevice();

function device(): GPUDevice {
  if (shared === undefined) throw new Error(gpuUnavailable);
  return shared;
}

function numbers(count: number, seed: number): Float32Array {
  const draw = drawer(seed);
  return Float32Array.from({ length: count }, () => Math.floor(draw() * 64));
}

/** The device leaves in memory what the interpreter leaves there. */
async function agree(text: string, run: Omit<WgslRun, 'kernel'>): Promise<readonly Elements[]> {
  const kernel = verifyKernel(readKernel(text), []);
  const tensors = run.tensors.map((tensor) => tensor.slice());
  const { sizes = [], step = 0, groups = [1, 1, 1] } = run;
  const interpret = compileKernel(
    kernel,
    () => {
      throw new Error('no functions');
    },
    { poison: true },
  );
  interpret({ kernel: 0, tensors: [], sizes, step, groups }, tensors);
  const found = await runWgsl(device(), { ...run, kernel });
  expect(found).toEqual(tensors);
  return found;
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

describe.skipIf(gpuUnavailable !== undefined)('on a device', () => {
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

  const uniform = k.add(k.size('n'), k.workgroup(0));
  const asFloat = k.unary('toFloat', uniform);
  let deep: Expression = uniform;
  for (let n = 0; n < 100; n++) deep = k.binary('bitXor', k.size('n'), deep);
  test.each([
    ['sizes, the step and the place of the workgroup', k.less(k.mul(uniform, k.step), k.int(9))],
    ['floats and back', k.less(k.unary('toInt', k.unary('sqrt', asFloat)), k.int(7))],
    ['bits', k.equal(k.unary('toBits', asFloat), k.binary('shiftRight', uniform, k.step))],
    ['constants that are hidden', k.less(asFloat, k.div(k.float(1), k.float(0)))],
    ['fours', k.less(k.lane(k.unary('splat', asFloat), 2), k.float(-Infinity))],
    [
      'and, or, select',
      k.or(
        k.and(k.less(uniform, k.step), k.less(k.step, uniform)),
        k.select(k.less(uniform, k.int(3)), k.bool(true), k.less(k.step, k.int(2))),
      ),
    ],
    ['functions', k.call('odd', [uniform], 'bool')],
    ['deep ones', k.less(deep, k.int(5))],
  ])('a barrier behind a condition that is the same for all: %s', async (_, condition) => {
    const i = k.local('i', 'i32');
    const functions = [
      {
        name: 'odd',
        parameters: [{ name: 'i', type: 'i32' as const }],
        lets: [{ name: 'half', value: k.div(i, k.int(2)) }],
        result: k.notEqual(k.unary('toInt', k.unary('toFloat', k.local('half', 'i32'))), i),
      },
    ];
    const barrier: Statement = { kind: 'barrier' };
    const go = k.local('go', 'bool');
    const differs: Statement = k.forLoop('own', k.invocation(0), [
      { kind: 'let', name: 'nothing', value: k.local('own', 'i32') },
    ]);
    const kernel: Kernel = {
      name: 'uniform',
      buffers: [{ name: 'y', element: 'f32', access: 'write' }],
      sizes: ['n'],
      workgroup: [8, 2, 1],
      shared: [],
      registers: [],
      body: [
        { kind: 'if', condition, then: [barrier], otherwise: [differs, barrier] },
        { kind: 'while', condition, body: [barrier, differs] },
        { kind: 'var', name: 'go', value: condition },
        {
          kind: 'while',
          condition: go,
          body: [{ kind: 'assign', name: 'go', value: condition }, barrier],
        },
        k.forLoop(
          'i',
          k.select(condition, uniform, k.step),
          [barrier],
          k.select(go, uniform, k.int(1)),
        ),
      ],
    };
    verifyKernel(kernel, functions);
    expect(await complaints(device(), kernelWgsl(kernel, functions))).toEqual([]);
  });

  test('names are data', async () => {
    const names = [
      ...reservedNames,
      ...['', '_', '__', '__x', '1', 'x.y', 'x y', 'x"', "h'", 'c̃', '\u0303', 'Γu', '日本', '𝛼'],
      ...[
        '\0',
        '\n',
        '\u2028 discard;',
        '*/',
        '//',
        '\ud835',
        'x'.repeat(10_000),
        'main()',
        'a\u200db',
      ],
      ...['load4_floats', 'store4_floats', 'part 1', 'floats_', 'x_at', 'x'],
    ];
    const one = k.int(1);
    const local = (name: string): Expression => k.local(name, 'i32');
    const sum = (name: string): Expression => k.add(k.size(`${name}.size`), local(name));
    const kernel: Kernel = {
      name: '\n@compute\u2028fn main() {',
      buffers: names.map((name) => ({ name, element: 'i32', access: 'write' })),
      sizes: names.map((name) => `${name}.size`),
      workgroup: [1, 1, 1],
      shared: names.map((name) => ({ name: `${name} shared`, element: 'i32', length: 1 })),
      registers: names.map((name) => ({ name: `${name}\u0085`, element: 'i32', length: 4 })),
      body: [
        { kind: 'comment', text: names.join('\r') },
        ...names.map((name): Statement => ({ kind: 'let', name, value: one })),
        ...names.map((name) => store(name, 0, k.call(name, [sum(name)], 'i32'))),
        ...names.map((name) => store(`${name} shared`, 0, local(name))),
        ...names.map((name) => store(`${name}\u0085`, 1, local(name))),
      ],
    };
    const functions = names.map((name) => ({
      name,
      parameters: [{ name, type: 'i32' as const }],
      lets: [],
      result: local(name),
    }));
    expect(await complaints(device(), kernelWgsl(kernel, functions))).toEqual([]);
  });

  test.each(['element', 'four', 'x', 'at', 'bits', 'floats'])(
    'four at once of an array called %s',
    async (name) => {
      const text = `
        kernel called workgroup(1, 1, 1) {
          buffer y: f32 write
          shared tile: f32[8]
          tile[0 : 4] = splat(3.0)
          tile[4 : 4] = tile[0 : 4]
          tile[2] = 5.0
          y[0 : 4] = tile[0 : 4]
          y[4] = tile[6]
        }`.replaceAll('tile', name);
      const [y] = await runWgsl(device(), {
        kernel: readKernel(text),
        tensors: [new Float32Array(5)],
      });
      expect(y).toEqual(Float32Array.of(3, 3, 5, 3, 3));
    },
  );

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

describe.skipIf(gpuUnavailable !== undefined)('on a device, as the interpreter has it', () => {
  test('a product in tiles: shared memory, barriers in loops, many workgroups', async () => {
    const text = `
      kernel product workgroup(4, 4, 1) {
        buffer a: f32 read
        buffer b: f32 read
        buffer c: f32 write
        size M
        size N
        size K
        shared left: f32[16]
        shared right: f32[16]
        let row: i32 = workgroup.y * 4 + invocation.y
        let column: i32 = workgroup.x * 4 + invocation.x
        let own: i32 = invocation.y * 4 + invocation.x
        var sum: f32 = 0.0
        for from = 0 to K step 4 {
          let ofA: i32 = from + invocation.x
          let ofB: i32 = from + invocation.y
          left[own] = select(row < M && ofA < K, a[min(row, M - 1) * K + min(ofA, K - 1)], 0.0)
          right[own] = select(column < N && ofB < K, b[min(ofB, K - 1) * N + min(column, N - 1)], 0.0)
          barrier
          for j = 0 to 4 {
            sum = sum + left[invocation.y * 4 + j] * right[j * 4 + invocation.x]
          }
          barrier
        }
        if row < M && column < N {
          c[row * N + column] = sum
        }
      }`;
    const tensors = [numbers(7 * 9, 1), numbers(9 * 6, 2), new Float32Array(7 * 6)];
    const [, , c] = await agree(text, { tensors, sizes: [7, 6, 9], groups: [2, 2, 1] });
    expect(c?.every((sum) => sum > 0)).toBe(true);
  });

  test('a sum that halves its width, while loops with barriers', async () => {
    const text = `
      kernel halves workgroup(16, 1, 1) {
        buffer x: f32 read
        buffer y: f32 write
        shared partial: f32[16]
        registers own: f32[1]
        var width: i32 = 16
        own[0] = x[workgroup.x * 16 + invocation.x]
        while 1 < width {
          partial[invocation.x] = own[0]
          barrier
          width = width / 2
          if invocation.x < width {
            own[0] = own[0] + partial[invocation.x + width]
          }
          barrier
        }
        if invocation.x == 0 {
          y[step * 3 + workgroup.x] = own[0]
        }
      }`;
    const tensors = [numbers(48, 4), new Float32Array(6)];
    await agree(text, { tensors, groups: [3, 1, 1], step: 1 });
  });

  test('what invocations hand to each other through a buffer', async () => {
    const text = `
      kernel turn workgroup(64, 1, 1) {
        buffer y: f32 readWrite
        size n
        for i = 0 to n {
          let next: f32 = y[mod(invocation.x + 1, 64)]
          barrier
          y[invocation.x] = next + 1.0
          barrier
        }
      }`.replace('mod(invocation.x + 1, 64)', '(invocation.x + 1) % 64');
    const [y] = await agree(text, { tensors: [numbers(64, 5)], sizes: [9] });
    expect(y).toHaveLength(64);
  });

  const fours = (kernel: string): string => `
    kernel fours workgroup(4, 1, 1) {
      buffer x: f32 read
      buffer y: f32 readWrite
      shared tile: f32[32]
      registers r: f32[8]
      size n
      let i: i32 = invocation.x
      ${kernel}
    }`;
  test.each([
    ['vectors throughout', 'y[i * 4 + 16 : 4] = x[n * 4 : 4] * x[i * 4 : 4] + y[i * 4 + 16 : 4]'],
    ['single loads', 'y[i * 4 : 4] = splat(x[i + n] + x[i * 4 + 3]) - x[i * 4 + 4 : 4]'],
    ['single stores', 'y[i] = lane(x[i * 4 : 4], 1) + x[i] y[i * 4 + 8 : 4] = x[i * 4 : 4]'],
    [
      'shared vectors',
      'tile[i * 4 : 4] = x[i * 4 : 4] barrier y[i * 4 : 4] = tile[12 - i * 4 : 4] * splat(tile[i])',
    ],
    [
      'shared singles',
      `tile[i * 4 : 4] = x[i * 4 : 4] tile[i + 16] = x[i] barrier
       y[i * 4 : 4] = tile[12 - i * 4 : 4] + splat(tile[16 + (i + 1) % 4])`,
    ],
    [
      'registers',
      `r[4 : 4] = x[i * 4 : 4] r[i] = x[5] r[i + 4] = 9.0 r[1] = lane(r[4 : 4], 2)
       y[i * 4 : 4] = r[0 : 4] - r[4 : 4] * splat(r[i * 2])`,
    ],
  ])('four at once: %s', async (_, kernel) => {
    await agree(fours(kernel), { tensors: [numbers(64, 6), numbers(64, 7)], sizes: [3] });
  });

  test('bounds that no barrier minds, places and conditions', async () => {
    const text = `
      kernel odd workgroup(2, 2, 2) {
        buffer lengths: i32 read
        buffer y: i32 readWrite
        size n
        let at: i32 = (workgroup.z * 2 + workgroup.y) * 8 + invocation.z * 4 + invocation.y * 2 + invocation.x
        var sum: i32 = 0
        for t = -3 to lengths[at % n] step n - 1 {
          sum = sum + t * t
        }
        barrier
        if at % 3 == 0 {
          y[at] = sum
        } else if at % 3 == 1 || (n < 2 && sum < 100) {
          y[at] = -sum
        } else {
          y[at] = lengths[0] << (at & 7)
        }
      }`;
    const tensors = [Int32Array.of(4, 9, 0, 7), new Int32Array(48).fill(5)];
    await agree(text, { tensors, sizes: [4], groups: [1, 2, 3] });
  });
});
