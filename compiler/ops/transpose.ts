/**
 * Axes in another order: axis i of the result is axis permutation[i] of x. With y = transpose(x):
 * dx is dy under the inverse permutation.
 */
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { tensor } from '../graph/types.ts';
import { copyStrided, stridesOf, zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { axesAttribute, axisOf, need, one } from './operands.ts';

export const transpose: Op = {
  name: 'transpose',
  doc: 'x any; permutation: axis i of the result is axis permutation[i] of x',
  infer(operands, attributes) {
    const x = one('transpose', operands);
    const permutation = axesAttribute('transpose', attributes, 'permutation');
    const complete = x.shape.every((_, axis) => permutation.includes(axis));
    need(
      'transpose',
      complete && permutation.length === x.shape.length,
      `[${permutation.join()}] is no permutation of ${x.shape.length} axes`,
    );
    return [
      tensor(
        x.dtype,
        permutation.map((axis) => axisOf('transpose', x.shape, axis)),
      ),
    ];
  },
  evaluate(operands, attributes, { precision }) {
    const x = one('transpose', operands);
    const permutation = axesAttribute('transpose', attributes, 'permutation');
    const strides = stridesOf(x.shape);
    const shape = permutation.map((axis) => x.shape[axis] ?? 1);
    const result = zeros(x.dtype, shape, precision);
    const permuted = permutation.map((axis) => strides[axis] ?? 0);
    copyStrided(x.data, 0, permuted, shape, result.data);
    return [result];
  },
  vjp({ builder, attributes, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    const permutation = axesAttribute('transpose', attributes, 'permutation');
    const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
    return [build.transpose(builder, cotangent, inverse)];
  },
  stack({ builder, operands, attributes }) {
    const [batch, ...rest] = axesAttribute('transpose', attributes, 'permutation');
    need('transpose', batch === 0, 'the batch axis moves');
    const stacked = [0, 1, ...rest.map((axis) => axis + 1)];
    return [build.transpose(builder, one('transpose', operands), stacked)];
  },
  lower({ operands, index, attributes }) {
    const permutation = axesAttribute('transpose', attributes, 'permutation');
    const from = permutation.map((_, axis) => present(index[permutation.indexOf(axis)], 'index'));
    return one('transpose', operands)(from);
  },
};
