/**
 * The largest over axes, which go; -Infinity (the least int) over nothing, NaN where one is NaN.
 * With y = max x: dx = dy at the first of the largest in row-major order, else 0.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import * as build from '../graph/build.ts';
import type { Builder, Dtype, Value } from '../graph/types.ts';
import { call, float, int, max, typeOf } from '../kernel/build.ts';
import { eachRow, zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { axesAttribute, axisOf, one } from './operands.ts';
import { inferReduction, lowerReduction, reducedLayout, stackReduction } from './reduce.ts';

const leastInt = -0x80000000;

export const reduceMax: Op = {
  name: 'reduceMax',
  doc: 'x float or int; axes: the largest over the axes, which go',
  infer: (operands, attributes) => inferReduction('reduceMax', operands, attributes),
  evaluate(operands, attributes, { precision }) {
    const { dtype, shape, data } = one('reduceMax', operands);
    const { kept, strides } = reducedLayout(shape, axesAttribute('reduceMax', attributes, 'axes'));
    const result = zeros(dtype, kept, precision);
    const to = result.data.fill(dtype === 'float' ? -Infinity : leastInt);
    const width = shape.at(-1) ?? 1;
    const stride = strides.at(-1) ?? 0;
    eachRow(shape, strides, (start, at) => {
      for (let i = 0; i < width; i++) {
        const place = at + i * stride;
        to[place] = Math.max(to[place] ?? 0, data[start + i] ?? 0);
      }
    });
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    const axes = axesAttribute('reduceMax', attributes, 'axes');
    return [largestOf(builder, one('reduceMax', operands), axes, cotangent)];
  },
  stack: (context) => stackReduction('reduceMax', context),
  lower: (context) => lowerReduction('reduceMax', context, leastOf, larger),
};

/** One axis at a time, the last first: the maximum over several is a maximum of maxima. */
function largestOf(b: Builder, x: Value, axes: readonly number[], cotangent: Value): Value {
  const axis = axes.at(-1);
  if (axis === undefined) return cotangent;
  const outer = axes.slice(0, -1);
  const inner = largestOf(b, build.reduceMax(b, x, [axis]), outer, cotangent);
  return atLargest(b, x, axis, inner);
}

/** The cotangent at the first of the largest along one axis, which it lacks; zeros elsewhere. */
function atLargest(b: Builder, x: Value, axis: number, cotangent: Value): Value {
  const { shape } = x.type;
  const others = shape.map((_, i) => i).filter((i) => i !== axis);
  const first = build.argMax(b, build.transpose(b, x, [...others, axis]));
  const positions = build.iota(b, axisOf('reduceMax', shape, axis));
  const chosen = build.equal(
    b,
    build.broadcast(b, positions, shape, [axis]),
    build.broadcast(b, first, shape, others),
  );
  const repeated = build.broadcast(b, cotangent, shape, others);
  return build.select(b, chosen, repeated, build.filled(b, 0, shape));
}

function leastOf(dtype: Dtype): Expression {
  return dtype === 'float' ? float(-Infinity) : int(leastInt);
}

function larger(x: Expression, y: Expression): Expression {
  return typeOf(x) === 'i32' ? max(x, y) : call('maximum', [x, y], 'f32');
}
