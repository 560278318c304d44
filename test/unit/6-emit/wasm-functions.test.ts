/**
 * The math library as WebAssembly: on four numbers at once each lane has the bits that the scalar
 * function gives, and these are what the interpreter of kernels computes; relaxed multiply-adds are
 * as near to that as they may be.
 */
import { describe, expect, test } from 'vitest';
import * as k from '../../../compiler/kernel/build.ts';
import { mathFunctions } from '../../../compiler/kernel/math/all.ts';
import type { Kernel, KernelFunction, Statement } from '../../../runtime/artifact/kernel.ts';
import { compileFunctions } from '../../../runtime/interpreter/compile-functions.ts';
import { drawer } from '../../../compiler/verify/arrays.ts';
import { required } from '../../support/op-runs.ts';
import { ulpsBetween } from '../../support/ulps.ts';
import { forms, runKernel } from '../../support/wasm-runs.ts';

const specials = [
  ...[0, -0, 1, -1, 0.5, 2, 3, -3, 10, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1e-38],
  ...[3.4028234663852886e38, -3.4e38, 0.625, 0.921875, 4, 9.02, 88.7, 89, -87.4, -104, 12867],
  ...[16777216, -16777215],
];
const drawn = 2000;
const count = 4 * Math.ceil((specials.length ** 2 + 2 * drawn) / 4);

/** All pairs of special numbers, any bits, and numbers as they occur. */
function operands(): readonly [Float32Array, Float32Array] {
  const draw = drawer(5);
  const [x, y] = [new Float32Array(count), new Float32Array(count)];
  let at = 0;
  const put = (a: number, b: number): void => {
    x[at] = a;
    y[at++] = b;
  };
  for (const a of specials) for (const b of specials) put(a, b);
  const bits = new Float32Array(
    Int32Array.from({ length: 2 * drawn }, () => (draw() - 0.5) * 2 ** 32).buffer,
  );
  for (let i = 0; i < drawn; i++) put(bits[2 * i] ?? 0, bits[2 * i + 1] ?? 0);
  for (let i = 0; i < drawn; i++) put((draw() - 0.5) * 40, (draw() - 0.5) * 10);
  return [x, y];
}

/** The function of each number in turn, and of four at once. */
function kernelOf({ name, parameters }: KernelFunction): Kernel {
  const i = k.local('i', 'i32');
  const store = (memory: string, type: 'f32' | 'f32x4'): Statement => {
    const args = argumentsOf(parameters.length, ['x', 'y']).map((from) => k.load(from, i, type));
    const value = k.call(name, args, 'f32');
    return { kind: 'store', memory, index: i, value };
  };
  const buffer = (of: string, access: 'read' | 'write') =>
    ({ name: of, element: 'f32', access }) as const;
  return {
    name,
    buffers: [
      buffer('x', 'read'),
      buffer('y', 'read'),
      buffer('one', 'write'),
      buffer('four', 'write'),
    ],
    ...{ sizes: [], workgroup: [1, 1, 1], shared: [], registers: [] },
    body: [
      k.forLoop('i', k.int(count), [store('one', 'f32')]),
      k.forLoop('i', k.int(count), [store('four', 'f32x4')], k.int(0), k.int(4)),
    ],
  };
}

/** The two in turn: x, y, y, x. */
function argumentsOf<T>(arity: number, [x, y]: readonly [T, T]): readonly T[] {
  return [x, y, y, x].slice(0, arity);
}

const ofFloats = mathFunctions.filter((f) => f.parameters.every(({ type }) => type === 'f32'));

function floatsOf(x: unknown): Float32Array {
  if (!(x instanceof Float32Array)) throw new Error('floats');
  return x;
}

function words(x: unknown): Int32Array {
  const { buffer, byteOffset, length } = floatsOf(x);
  return new Int32Array(buffer, byteOffset, length);
}

/**
 * Multiply-adds that are rounded once: a result moves by a unit in the last place or not at all.
 * Below the normal numbers either may be 0; far out the angle of a sine is whatever its reduction
 * leaves; e^-x is meant for x from 0 on alone.
 */
function expectNear(name: string, found: Float32Array, wanted: Float32Array): void {
  const [xs] = operands();
  wanted.forEach((exact, i) => {
    const value = found[i] ?? NaN;
    if (Object.is(value, exact) || Math.max(Math.abs(value), Math.abs(exact)) < 2 ** -120) return;
    if (name === 'decay' && !((xs[i] ?? NaN) >= 0)) return;
    if ((name === 'sin' || name === 'cos') && !(Math.abs(xs[i] ?? NaN) <= 12867)) {
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
      return;
    }
    expect(ulpsBetween(value, exact), `${name} at ${i}`).toBeLessThanOrEqual(1);
  });
}

describe.each(forms)('%s', (form) => {
  test.each(ofFloats.map((f) => [f.name, f] as const))('%s', async (_, f) => {
    const [x, y] = operands();
    const tensors = [x, y, new Float32Array(count), new Float32Array(count)];
    const run = { kernel: kernelOf(f), functions: mathFunctions, form, tensors };
    const [, , one, four] = await runKernel(run);
    if (form === 'relaxed') expectNear(f.name, floatsOf(four), floatsOf(one));
    else expect(words(four)).toEqual(words(one));
    const { locals, result } = compileFunctions(mathFunctions)(f.name);
    const wanted = Float32Array.from({ length: count }, (_value, i) => {
      locals.set(argumentsOf(f.parameters.length, [x[i] ?? 0, y[i] ?? 0]));
      return result();
    });
    expect(one).toEqual(wanted);
  });

  test('of whole numbers and bools, with what has no instruction on four', async () => {
    const x = k.local('x', 'f32');
    const n = k.local('n', 'i32');
    const flag = k.local('flag', 'bool');
    const inner: KernelFunction = {
      name: 'inner',
      parameters: [
        { name: 'n', type: 'i32' },
        { name: 'flag', type: 'bool' },
      ],
      lets: [{ name: 'm', value: k.binary('bitAnd', n, k.int(7)) }],
      result: k.select(
        k.or(flag, k.unary('not', k.lessEqual(n, k.int(3)))),
        k.add(k.div(n, k.sub(k.local('m', 'i32'), k.int(3))), k.unary('abs', k.unary('neg', n))),
        k.add(
          k.mod(k.binary('bitAnd', n, k.int(1023)), k.local('m', 'i32')),
          k.binary('shiftLeft', k.binary('shiftRight', n, k.local('m', 'i32')), k.int(1)),
        ),
      ),
    };
    const outer: KernelFunction = {
      name: 'outer',
      parameters: [{ name: 'x', type: 'f32' }],
      lets: [{ name: 'n', value: k.unary('toInt', k.mul(x, k.float(8))) }],
      result: k.add(
        k.unary('toFloat', k.call('inner', [n, k.less(x, k.float(0))], 'i32')),
        k.min(k.max(x, k.float(-2)), k.unary('toFloat', k.max(n, k.min(k.int(3), n)))),
      ),
    };
    const functions = [inner, outer];
    const tensors = [
      Float32Array.from({ length: count }, (_, i) => (i % 97) / 3 - 15),
      ...Array.from({ length: 3 }, () => new Float32Array(count)),
    ];
    const [, , one, four] = await runKernel({ kernel: kernelOf(outer), functions, form, tensors });
    expect(words(four)).toEqual(words(one));
    expect(required(one).some((value) => value !== 0)).toBe(true);
  });
});

test('a function with fours of its own, and a long one, are called', async () => {
  const x = k.local('x', 'f32');
  const four = k.pack([x, k.add(x, k.float(1)), k.float(2), x]);
  const packs: KernelFunction = {
    name: 'packs',
    parameters: [{ name: 'x', type: 'f32' }],
    lets: [{ name: 'four', value: k.mul(four, four) }],
    result: k.add(k.lane(k.local('four', 'f32x4'), 1), x),
  };
  let sum = x;
  for (let i = 0; i < 600; i++) sum = k.add(k.mul(sum, k.float(0.5)), x);
  const long: KernelFunction = {
    name: 'long',
    parameters: packs.parameters,
    lets: [],
    result: sum,
  };
  for (const form of forms) {
    for (const f of [packs, long]) {
      const tensors = [
        Float32Array.from({ length: count }, (_, i) => i / 64),
        ...Array.from({ length: 3 }, () => new Float32Array(count)),
      ];
      const [, , one, four4] = await runKernel({
        kernel: kernelOf(f),
        functions: [f],
        form,
        tensors,
      });
      expect(words(four4)).toEqual(words(one));
    }
  }
});
