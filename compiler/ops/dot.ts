/**
 * Product of two arrays summed over pairs of axes. Result axes: batch (in the order listed), then
 * the left's free axes, then the right's (each ascending). Terms are added in ascending order of
 * the contracted axes as listed.
 *
 * With z = Σ x y: dx = Σ dz y over the right's free axes, dy = Σ dz x over the left's free axes.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { ElementData, NdArray } from '../../runtime/artifact/nd-array.ts';
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { sameDim } from '../graph/dim.ts';
import { tensor, type Attributes, type Builder, type Value } from '../graph/types.ts';
import { add, float, mul } from '../kernel/build.ts';
import { copyStrided, countOf, newData, stridesOf, zeros } from './arrays.ts';
import { multiplyExact, multiplyRounded } from './dot-product.ts';
import { stackDot } from './dot-stack.ts';
import type { Op, Precision } from './op.ts';
import { axesAttribute, axisOf, need, needDtype, two } from './operands.ts';

export const dot: Op = {
  name: 'dot',
  doc:
    'x float, y float; contractLeft, contractRight, batchLeft, batchRight: ' +
    'sum of x y over the contracted axes, [batch, free of x, free of y]',
  infer(operands, attributes) {
    const [x, y] = two('dot', operands);
    needDtype('dot', x, 'float');
    needDtype('dot', y, 'float');
    const left = sideOf(attributes, 'Left', x.shape.length);
    const right = sideOf(attributes, 'Right', y.shape.length);
    for (const kind of ['contract', 'batch'] as const) {
      need('dot', left[kind].length === right[kind].length, `${kind} axes are not pairs`);
      left[kind].forEach((axis, i) => {
        const here = axisOf('dot', x.shape, axis);
        const there = axisOf('dot', y.shape, right[kind][i] ?? -1);
        need('dot', sameDim(here, there), `${kind} axes ${axis} differ in size`);
      });
    }
    return [
      tensor('float', [
        ...[...left.batch, ...left.free].map((axis) => axisOf('dot', x.shape, axis)),
        ...right.free.map((axis) => axisOf('dot', y.shape, axis)),
      ]),
    ];
  },
  evaluate(operands, attributes, { precision }) {
    const [x, y] = two('dot', operands);
    const left = sideOf(attributes, 'Left', x.shape.length);
    const right = sideOf(attributes, 'Right', y.shape.length);
    const sizes = (array: NdArray, axes: readonly number[]): number[] =>
      axes.map((axis) => array.shape[axis] ?? 1);
    const shape = [...sizes(x, left.batch), ...sizes(x, left.free), ...sizes(y, right.free)];
    const result = zeros('float', shape, precision);
    const leftRows = asRows(x, left, precision);
    const rightRows = asRows(y, right, precision);
    const rows = countOf(sizes(x, left.free));
    const columns = countOf(sizes(y, right.free));
    const depth = countOf(sizes(x, left.contract));
    const multiply = precision === 'f64' ? multiplyExact : multiplyRounded;
    for (let batch = 0; batch < countOf(sizes(x, left.batch)); batch++) {
      multiply({
        left: leftRows,
        leftStart: batch * rows * depth,
        right: rightRows,
        rightStart: batch * columns * depth,
        to: result.data,
        toStart: batch * rows * columns,
        rows,
        columns,
        depth,
      });
    }
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents, wanted }) {
    const [x, y] = two('dot', operands);
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined, undefined];
    const left = sideOf(attributes, 'Left', x.type.shape.length);
    const right = sideOf(attributes, 'Right', y.type.shape.length);
    const batchCount = left.batch.length;
    const leftFree = left.free.map((_, i) => batchCount + i);
    const rightFree = right.free.map((_, i) => batchCount + left.free.length + i);
    return [
      wanted[0] === true ? transposed(builder, cotangent, rightFree, y, right, left) : undefined,
      wanted[1] === true ? transposed(builder, cotangent, leftFree, x, left, right) : undefined,
    ];
  },
  stack: stackDot,
  lower(context) {
    const [x, y] = two('dot', context.operands);
    const [{ shape }, { shape: rightShape }] = two('dot', context.types);
    const left = sideOf(context.attributes, 'Left', shape.length);
    const right = sideOf(context.attributes, 'Right', rightShape.length);
    const firstRight = left.batch.length + left.free.length;
    const common = context.index.slice(0, left.batch.length);
    const row = context.index.slice(left.batch.length, firstRight);
    const column = context.index.slice(firstRight);
    const term = (along: readonly Expression[]): Expression =>
      mul(x(placed(left, common, row, along)), y(placed(right, common, column, along)));
    if (left.contract.length === 0) return term([]);
    const extents = left.contract.map((axis) => context.size(axisOf('dot', shape, axis)));
    return context.reduce(extents, float(0), (along, sum) => add(sum, term(along)));
  },
};

export interface DotSide {
  readonly contract: readonly number[];
  readonly batch: readonly number[];
  /** The other axes, ascending. */
  readonly free: readonly number[];
}

export function sideOf(attributes: Attributes, side: 'Left' | 'Right', rank: number): DotSide {
  const contract = axesAttribute('dot', attributes, `contract${side}`);
  const batch = axesAttribute('dot', attributes, `batch${side}`);
  const free: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    if (!contract.includes(axis) && !batch.includes(axis)) free.push(axis);
  }
  const distinct = contract.length + batch.length + free.length === rank;
  need('dot', distinct, `an axis is named twice on the ${side.toLowerCase()}`);
  return { contract, batch, free };
}

/** Elements in the order batch, free, contract; the array itself where they lie so already. */
function asRows(array: NdArray, side: DotSide, precision: Precision): ElementData {
  const order = [...side.batch, ...side.free, ...side.contract];
  if (order.every((axis, i) => axis === i)) return array.data;
  const strides = stridesOf(array.shape);
  const data = newData('float', array.data.length, precision);
  copyStrided(
    array.data,
    0,
    order.map((axis) => strides[axis] ?? 0),
    order.map((axis) => array.shape[axis] ?? 1),
    data,
  );
  return data;
}

/**
 * The cotangent of one operand: the product of dz with the other operand over the other's free axes
 * (`shared` in dz). Its axes come out as batch, own free, then the other's contracted ones
 * ascending, and are brought into the operand's order.
 */
function transposed(
  b: Builder,
  cotangent: Value,
  shared: readonly number[],
  other: Value,
  otherSide: DotSide,
  ownSide: DotSide,
): Value {
  const product = build.dot(b, cotangent, other, {
    contract: [shared, otherSide.free],
    batch: [otherSide.batch.map((_, i) => i), otherSide.batch],
  });
  const ownContract = otherSide.contract
    .map((axis, i) => ({ axis, own: ownSide.contract[i] ?? -1 }))
    .sort((p, q) => p.axis - q.axis)
    .map(({ own }) => own);
  const order = [...ownSide.batch, ...ownSide.free, ...ownContract];
  const permutation = order.map((_, axis) => order.indexOf(axis));
  if (permutation.every((axis, i) => axis === i)) return product;
  return build.transpose(b, product, permutation);
}

/** The index of an operand from those along its three kinds of axes. */
function placed(
  side: DotSide,
  batch: readonly Expression[],
  free: readonly Expression[],
  contract: readonly Expression[],
): readonly Expression[] {
  const axes = [...side.batch, ...side.free, ...side.contract];
  const places = [...batch, ...free, ...contract];
  return axes.map((_, axis) => present(places[axes.indexOf(axis)], 'index'));
}
