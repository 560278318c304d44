/**
 * The same elements in row-major order under another shape. With y = reshape(x): dx is dy under the
 * shape of x.
 */
import * as build from '../graph/build.ts';
import { evaluateShape, sameDim } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { reshapedIndex, sameCount } from './reshape-index.ts';
import type { Op } from './op.ts';
import { need, one, shapeAttribute } from './operands.ts';

export const reshape: Op = {
  name: 'reshape',
  doc: 'x any; shape: the same elements in row-major order',
  infer(operands, attributes) {
    const x = one('reshape', operands);
    const shape = shapeAttribute('reshape', attributes, 'shape');
    need('reshape', sameCount(x.shape, shape), 'the number of elements changes');
    return [tensor(x.dtype, shape)];
  },
  evaluate(operands, attributes, { bindings }) {
    const { dtype, data } = one('reshape', operands);
    const shape = evaluateShape(shapeAttribute('reshape', attributes, 'shape'), bindings);
    return [{ dtype, shape, data }];
  },
  vjp({ builder, operands, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    return [build.reshape(builder, cotangent, one('reshape', operands).type.shape)];
  },
  stack({ builder, operands, attributes, time }) {
    const x = one('reshape', operands);
    const [batch, ...rest] = shapeAttribute('reshape', attributes, 'shape');
    const [before] = x.type.shape;
    const kept = batch !== undefined && before !== undefined && sameDim(batch, before);
    need('reshape', kept, 'the batch axis changes');
    return [build.reshape(builder, x, [batch, time, ...rest])];
  },
  lower: (context) => one('reshape', context.operands)(reshapedIndex(context)),
};
