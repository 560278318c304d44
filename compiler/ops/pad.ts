/**
 * Zeros before and after along one axis. With y = pad(x): dx is dy without them.
 */
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { addDims, evaluateDim, fixedValue } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { and, less, lessEqual, select, sub } from '../kernel/build.ts';
import { copyBlock, splitAt, zeros } from './arrays.ts';
import { heldWithin, replaceAt, zeroOf } from './lowering.ts';
import type { Op } from './op.ts';
import { axisOf, dimAttribute, need, numberAttribute, one } from './operands.ts';

export const pad: Op = {
  name: 'pad',
  doc: 'x any; axis, before, after: zeros around one axis',
  infer(operands, attributes) {
    const x = one('pad', operands);
    const axis = numberAttribute('pad', attributes, 'axis');
    const before = dimAttribute('pad', attributes, 'before');
    const after = dimAttribute('pad', attributes, 'after');
    for (const [what, part] of Object.entries({ before, after })) {
      need('pad', (fixedValue(part) ?? 0) >= 0, `${what} of axis ${axis} is negative`);
    }
    const total = addDims(addDims(before, axisOf('pad', x.shape, axis)), after);
    return [
      tensor(
        x.dtype,
        x.shape.map((dim, i) => (i === axis ? total : dim)),
      ),
    ];
  },
  evaluate(operands, attributes, { bindings, precision }) {
    const x = one('pad', operands);
    const axis = numberAttribute('pad', attributes, 'axis');
    const before = evaluateDim(dimAttribute('pad', attributes, 'before'), bindings);
    const after = evaluateDim(dimAttribute('pad', attributes, 'after'), bindings);
    const { outer, size, inner } = splitAt(x.shape, axis);
    const total = before + size + after;
    const shape = x.shape.map((n, i) => (i === axis ? total : n));
    const result = zeros(x.dtype, shape, precision);
    const block = size * inner;
    for (let i = 0; i < outer; i++) {
      copyBlock(x.data, i * block, block, result.data, (i * total + before) * inner);
    }
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    const axis = numberAttribute('pad', attributes, 'axis');
    const before = dimAttribute('pad', attributes, 'before');
    const length = axisOf('pad', one('pad', operands).type.shape, axis);
    return [build.slice(builder, cotangent, axis, before, length)];
  },
  stack({ builder, operands, attributes }) {
    const axis = numberAttribute('pad', attributes, 'axis');
    need('pad', axis > 0, 'pads the batch axis');
    return [builder.emit('pad', operands, { ...attributes, axis: axis + 1 })];
  },
  lower(context) {
    const { operands, index, types, attributes } = context;
    const axis = numberAttribute('pad', attributes, 'axis');
    const { dtype, shape } = one('pad', types);
    const width = axisOf('pad', shape, axis);
    if (fixedValue(width) === 0) return zeroOf(dtype);
    const before = dimAttribute('pad', attributes, 'before');
    const place = present(index[axis], 'index');
    const end = context.size(addDims(before, width));
    const inside = and(lessEqual(context.size(before), place), less(place, end));
    const within = heldWithin(sub(place, context.size(before)), width, context);
    return select(inside, one('pad', operands)(replaceAt(index, axis, within)), zeroOf(dtype));
  },
};
