/**
 * Repeats x: its axis i becomes axis axes[i] of the result (ascending), whose other axes are new.
 * With y = broadcast(x): dx is dy summed over the new axes.
 */
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { evaluateShape, sameDim } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { copyStrided, stridesOf, zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { axesAttribute, axisOf, need, needAscending, one, shapeAttribute } from './operands.ts';

export const broadcast: Op = {
  name: 'broadcast',
  doc: 'x any; shape, axes: x with axis i as axis axes[i], repeated along the others',
  infer(operands, attributes) {
    const x = one('broadcast', operands);
    const shape = shapeAttribute('broadcast', attributes, 'shape');
    const axes = axesAttribute('broadcast', attributes, 'axes');
    need('broadcast', axes.length === x.shape.length, 'axes and operand differ in rank');
    needAscending('broadcast', axes, shape.length);
    x.shape.forEach((dim, i) => {
      const target = axisOf('broadcast', shape, axes[i] ?? -1);
      need('broadcast', sameDim(dim, target), `axis ${i} changes its size`);
    });
    return [tensor(x.dtype, shape)];
  },
  evaluate(operands, attributes, { bindings, precision }) {
    const x = one('broadcast', operands);
    const shape = evaluateShape(shapeAttribute('broadcast', attributes, 'shape'), bindings);
    const axes = axesAttribute('broadcast', attributes, 'axes');
    const result = zeros(x.dtype, shape, precision);
    const strides = new Array<number>(shape.length).fill(0);
    stridesOf(x.shape).forEach((stride, i) => (strides[axes[i] ?? 0] = stride));
    copyStrided(x.data, 0, strides, shape, result.data);
    return [result];
  },
  vjp({ builder, results, attributes, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    const kept = axesAttribute('broadcast', attributes, 'axes');
    const repeated = one('broadcast', results)
      .type.shape.map((_, axis) => axis)
      .filter((axis) => !kept.includes(axis));
    return [build.reduceSum(builder, cotangent, repeated)];
  },
  stack({ builder, operands, attributes, time }) {
    const axes = axesAttribute('broadcast', attributes, 'axes');
    const [batch, ...rest] = shapeAttribute('broadcast', attributes, 'shape');
    need('broadcast', axes[0] === 0 && batch !== undefined, 'the batch axis moves');
    const stacked = [0, 1, ...axes.slice(1).map((axis) => axis + 1)];
    const x = one('broadcast', operands);
    return [build.broadcast(builder, x, [batch, time, ...rest], stacked)];
  },
  lower({ operands, index, attributes }) {
    const axes = axesAttribute('broadcast', attributes, 'axes');
    return one('broadcast', operands)(axes.map((axis) => present(index[axis], 'index')));
  },
};
