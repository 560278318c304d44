/**
 * Each form of a kernel at its edges: sums that are longer than a workgroup, products whose sides
 * fill their tiles, nearly fill them or begin the next, rows by ids. On every kind of device, with
 * sizes that are known or open, against the oracle; memory is poisoned and every access checked.
 */
import { describe, expect, it } from 'vitest';
import type { DeviceKind } from '../../../compiler/5-schedule/forms.ts';
import * as build from '../../../compiler/graph/build.ts';
import { fixed, symbol, type Dim } from '../../../compiler/graph/dim.ts';
import { tensor, type Builder, type Value } from '../../../compiler/graph/types.ts';
import { interpret } from '../../../compiler/interpret/interpret.ts';
import { GraphBuilder } from '../../../compiler/ops/builder.ts';
import { kernelProgram } from '../../../compiler/pipeline.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import { inaccuracies } from '../../../compiler/verify/accuracy.ts';
import { ints } from '../../../compiler/verify/arrays.ts';
import { drawn } from '../../support/op-runs.ts';

type Make = (b: Builder, ...inputs: readonly Value[]) => Value;

const devices: readonly DeviceKind[] = ['parallel', 'software', 'simd'];

/** The first axis of the first input may be open, as a batch is, and others of that size. */
async function expectSame(make: Make, inputs: readonly NdArray[], open: boolean): Promise<void> {
  const b = new GraphBuilder();
  const values = inputs.map(({ dtype, shape }, i) => {
    const isOpen = open && shape[0] === inputs[0]?.shape[0];
    const dims = shape.map((n, axis): Dim => (isOpen && axis === 0 ? symbol('N') : fixed(n)));
    return b.parameter(`x${i}`, tensor(dtype, dims), 'input');
  });
  const graph = b.finish('forms', [{ name: 'y', value: make(b, ...values) }]);
  const given = new Map(inputs.map((array, i) => [`x${i}`, array]));
  const f64 = interpret(graph, given, { precision: 'f64' });
  const f32 = interpret(graph, given, { precision: 'f32' });
  for (const device of devices) {
    for (const backward of [false, true]) {
      const program = kernelProgram(graph, { device });
      const kernels = new KernelInterpreter(program, new Map(), { poison: true, backward });
      expect(inaccuracies(await kernels.run(given), [f32], f64), device).toEqual([]);
    }
  }
}

/** Above 0, so that no sum is much smaller than its terms. */
const floats = (shape: readonly number[], seed: number): NdArray => {
  const { dtype, data } = drawn('float', shape, seed, [0.25, 1.25]);
  return { dtype, shape, data: Float64Array.from(data, Math.fround) };
};

const dot =
  (contract: readonly [number[], number[]], batch: [number[], number[]] = [[], []]): Make =>
  (b, x, y) =>
    build.dot(b, at(x), at(y), { contract, batch });

function at(value: Value | undefined): Value {
  if (value === undefined) throw new Error('an input is missing');
  return value;
}

describe.each([false, true])('with open sizes: %s', (open) => {
  it.each([
    [[3, 1000], [1]],
    [[1000, 3], [0]],
    [
      [300, 5],
      [0, 1],
    ],
    [[2, 257, 3], [1]],
    [
      [2, 3, 260],
      [0, 2],
    ],
  ])('a sum of %j over %j', async (shape, axes) => {
    await expectSame((b, x) => build.reduceSum(b, at(x), axes), [floats(shape, 1)], open);
    await expectSame((b, x) => build.reduceMax(b, at(x), axes), [floats(shape, 2)], open);
  });

  it.each([2, 0, 1, 3])('a stretch of what ends within a four, from %i on', async (from) => {
    const stretch: Make = (b, x) => build.neg(b, build.slice(b, at(x), 0, fixed(from), fixed(12)));
    await expectSame(stretch, [floats([from + 12], 1)], open);
    await expectSame(stretch, [floats([from + 13], 2)], open);
  });

  it('finds the largest wherever it is', async () => {
    const width = 300;
    const x = { ...floats([width, width], 3), data: new Float64Array(width * width).fill(-1) };
    for (let i = 0; i < width; i++) x.data[i * width + i] = i + 1;
    await expectSame((b, v) => build.reduceMax(b, at(v), [1]), [x], open);
  });

  it.each([
    [1, 2, 3],
    [3, 5, 7],
    [4, 8, 12],
    [2, 1, 1],
    [5, 8, 12],
    [33, 31, 8],
    [9, 20, 3],
    [65, 7, 18],
    [70, 36, 5],
  ])('a product of %i rows and %i columns over %i', async (rows, columns, depth) => {
    const [x, w] = [floats([rows, depth], 4), floats([columns, depth], 5)];
    await expectSame(dot([[1], [1]]), [x, w], open);
    await expectSame(dot([[1], [0]]), [x, floats([depth, columns], 6)], open);
    const biased: Make = (b, v, m, bias) => {
      const y = dot([[1], [1]])(b, v, m);
      return build.tanh(b, build.add(b, y, build.broadcast(b, at(bias), y.type.shape, [1])));
    };
    await expectSame(biased, [x, w, floats([columns], 7)], open);
  });

  it.each([4, 3])('a product over two axes, the inner of %i', async (inner) => {
    const [x, y] = [floats([6, 3, inner], 8), floats([5, 3, inner], 9)];
    await expectSame(
      dot([
        [1, 2],
        [1, 2],
      ]),
      [x, y],
      open,
    );
    await expectSame(
      dot([
        [0, 1],
        [0, 1],
      ]),
      [floats([6, 3, inner], 8), floats([6, 3, 5], 9)],
      open,
    );
  });

  it('a product of each row', async () => {
    const [x, y] = [floats([3, 5, 6], 10), floats([3, 7, 6], 11)];
    await expectSame(dot([[2], [2]], [[0], [0]]), [x, y], open);
  });

  it.each([4, 5, 16, 20])('gates of width %i from one product', async (width) => {
    const gates: Make = (b, x, w, bias) => {
      const all = dot([[1], [1]])(b, x, w);
      const sums = build.add(b, all, build.broadcast(b, at(bias), all.type.shape, [1]));
      const gate = (i: number): Value => build.slice(b, sums, 1, fixed(i * width), fixed(width));
      const kept = build.mul(b, build.sigmoid(b, gate(0)), build.tanh(b, gate(1)));
      return build.sub(b, kept, build.mul(b, build.sigmoid(b, gate(2)), gate(3)));
    };
    const inputs = [floats([7, 6], 12), floats([4 * width, 6], 13), floats([4 * width], 14)];
    await expectSame(gates, inputs, open);
  });

  it.each([[5], [8], [70], [3, 4]])('rows by ids, of shape %j', async (...rest) => {
    const ids = ints([9], [0, 2, 0, 1, 1, 0, 3, 2, 0]);
    const sums: Make = (b, i, x) => build.scatterAdd(b, at(i), at(x), fixed(5));
    await expectSame(sums, [ids, floats([9, ...rest], 15)], open);
    const more: Make = (b, i, x) => {
      const y = build.scatterAdd(b, at(i), at(x), fixed(5));
      return build.add(b, build.exp(b, y), y);
    };
    await expectSame(more, [ids, floats([9, ...rest], 16)], open);
  });

  it('parts side by side, of which each is computed', async () => {
    const parts: Make = (b, x) => build.concat(b, [build.exp(b, at(x)), build.neg(b, at(x))], 1);
    await expectSame(parts, [floats([3, 5], 17)], open);
    const outer: Make = (b, x) => build.concat(b, [build.exp(b, at(x)), build.neg(b, at(x))], 2);
    await expectSame(outer, [floats([2, 3, 4], 18)], open);
    const inner: Make = (b, x) => build.concat(b, [build.exp(b, at(x)), build.neg(b, at(x))], 1);
    await expectSame(inner, [floats([2, 3, 4], 19)], open);
  });
});
