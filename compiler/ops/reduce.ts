/**
 * What reduceSum and reduceMax share: which axes go, how they shift when stacked over time, and the
 * loop over them.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import {
  tensor,
  type Attributes,
  type Dtype,
  type TensorType,
  type Value,
} from '../graph/types.ts';
import { stridesOf } from './arrays.ts';
import type { LowerContext, StackContext } from './op.ts';
import { axesAttribute, axisOf, need, needAscending, needDtype, one } from './operands.ts';

export function inferReduction(
  op: string,
  operands: readonly TensorType[],
  attributes: Attributes,
): readonly TensorType[] {
  const x = one(op, operands);
  needDtype(op, x, 'float', 'int');
  const axes = axesAttribute(op, attributes, 'axes');
  needAscending(op, axes, x.shape.length);
  return [
    tensor(
      x.dtype,
      x.shape.filter((_, axis) => !axes.includes(axis)),
    ),
  ];
}

/** The result's shape, and its strides by the operand's axes: 0 along a reduced one. */
export function reducedLayout(
  shape: readonly number[],
  axes: readonly number[],
): { kept: number[]; strides: number[] } {
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  const keptStrides = stridesOf(kept);
  let next = 0;
  const strides = shape.map((_, axis) => (axes.includes(axis) ? 0 : (keptStrides[next++] ?? 0)));
  return { kept, strides };
}

export function stackReduction(
  op: string,
  { builder, operands, attributes }: StackContext,
): readonly Value[] {
  const axes = axesAttribute(op, attributes, 'axes');
  need(op, !axes.includes(0), 'reduces the batch axis');
  return [builder.emit(op, operands, { axes: axes.map((axis) => axis + 1) })];
}

/** A loop over the axes that go; over none, the element alone. */
export function lowerReduction(
  op: string,
  context: LowerContext,
  first: (dtype: Dtype) => Expression,
  join: (running: Expression, element: Expression) => Expression,
): Expression {
  const { operands, index, types, attributes } = context;
  const x = one(op, operands);
  const { dtype, shape } = one(op, types);
  const axes = axesAttribute(op, attributes, 'axes');
  if (axes.length === 0) return join(first(dtype), x(index));
  const extents = axes.map((axis) => context.size(axisOf(op, shape, axis)));
  return context.reduce(extents, first(dtype), (along, running) => {
    const [reduced, kept] = [[...along], [...index]];
    const at = shape.map((_, axis) => (axes.includes(axis) ? reduced : kept).shift());
    return join(running, x(at.map((place) => present(place, 'index'))));
  });
}
