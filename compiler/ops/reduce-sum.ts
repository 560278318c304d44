/**
 * Sum over axes, which go. Terms are added in ascending order; in f32 each partial sum is rounded.
 * With y = Σ x: dx is dy repeated along those axes.
 */
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import * as build from '../graph/build.ts';
import { add } from '../kernel/build.ts';
import { eachRow, zeros } from './arrays.ts';
import { zeroOf } from './lowering.ts';
import type { Op } from './op.ts';
import { axesAttribute, one } from './operands.ts';
import { inferReduction, lowerReduction, reducedLayout, stackReduction } from './reduce.ts';

export const reduceSum: Op = {
  name: 'reduceSum',
  doc: 'x float or int; axes: the sum over the axes, which go',
  infer: (operands, attributes) => inferReduction('reduceSum', operands, attributes),
  evaluate(operands, attributes, { precision }) {
    const { dtype, shape, data } = one('reduceSum', operands);
    const axes = axesAttribute('reduceSum', attributes, 'axes');
    const { kept, strides } = reducedLayout(shape, axes);
    const result = zeros(dtype, kept, precision);
    const width = shape.at(-1) ?? 1;
    const stride = strides.at(-1) ?? 0;
    const rounds = dtype === 'float' && precision === 'f32';
    const addUp = stride !== 0 ? addRow : rounds ? addRounded : addExact;
    eachRow(shape, strides, (start, at) => addUp(data, start, width, result.data, at));
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    const { shape } = one('reduceSum', operands).type;
    const reduced = axesAttribute('reduceSum', attributes, 'axes');
    const kept = shape.map((_, axis) => axis).filter((axis) => !reduced.includes(axis));
    return [build.broadcast(builder, cotangent, shape, kept)];
  },
  stack: (context) => stackReduction('reduceSum', context),
  lower: (context) => lowerReduction('reduceSum', context, zeroOf, add),
};

/**
 * The last axis stays: a row is added to a row. Its stride is 1, as it is the result's last too.
 */
function addRow(x: ElementData, start: number, width: number, to: ElementData, at: number): void {
  for (let i = 0; i < width; i++) to[at + i] = (to[at + i] ?? 0) + (x[start + i] ?? 0);
}

/** The last axis goes: a row is added to one element. */
function addExact(x: ElementData, start: number, width: number, to: ElementData, at: number): void {
  let sum = to[at] ?? 0;
  for (let i = 0; i < width; i++) sum += x[start + i] ?? 0;
  to[at] = sum;
}

function addRounded(
  x: ElementData,
  start: number,
  width: number,
  to: ElementData,
  at: number,
): void {
  let sum = to[at] ?? 0;
  for (let i = 0; i < width; i++) sum = Math.fround(sum + (x[start + i] ?? 0));
  to[at] = sum;
}
