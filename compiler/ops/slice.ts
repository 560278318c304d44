/**
 * A stretch of one axis. With y = slice(x): dx is dy with zeros where x was cut off.
 */
import { CompilerBug, present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { evaluateDim, fixedValue, subtractDims } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { add } from '../kernel/build.ts';
import { copyBlock, splitAt, zeros } from './arrays.ts';
import { replaceAt } from './lowering.ts';
import type { Op } from './op.ts';
import { axisOf, dimAttribute, need, numberAttribute, one } from './operands.ts';

export const slice: Op = {
  name: 'slice',
  doc: 'x any; axis, start, length: a stretch of one axis',
  infer(operands, attributes) {
    const x = one('slice', operands);
    const axis = numberAttribute('slice', attributes, 'axis');
    const start = dimAttribute('slice', attributes, 'start');
    const length = dimAttribute('slice', attributes, 'length');
    const rest = subtractDims(subtractDims(axisOf('slice', x.shape, axis), start), length);
    for (const [what, part] of Object.entries({ start, length, rest })) {
      need('slice', (fixedValue(part) ?? 0) >= 0, `${what} of axis ${axis} is negative`);
    }
    return [
      tensor(
        x.dtype,
        x.shape.map((dim, i) => (i === axis ? length : dim)),
      ),
    ];
  },
  evaluate(operands, attributes, { bindings, precision }) {
    const x = one('slice', operands);
    const axis = numberAttribute('slice', attributes, 'axis');
    const start = evaluateDim(dimAttribute('slice', attributes, 'start'), bindings);
    const length = evaluateDim(dimAttribute('slice', attributes, 'length'), bindings);
    const { outer, size, inner } = splitAt(x.shape, axis);
    if (start < 0 || length < 0 || start + length > size) {
      throw new CompilerBug('slice', `[${start}, ${start + length}) of ${size}`);
    }
    const shape = x.shape.map((n, i) => (i === axis ? length : n));
    const result = zeros(x.dtype, shape, precision);
    const block = length * inner;
    for (let i = 0; i < outer; i++) {
      copyBlock(x.data, (i * size + start) * inner, block, result.data, i * block);
    }
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents }) {
    const cotangent = cotangents[0];
    if (cotangent === undefined) return [undefined];
    const axis = numberAttribute('slice', attributes, 'axis');
    const start = dimAttribute('slice', attributes, 'start');
    const length = dimAttribute('slice', attributes, 'length');
    const total = axisOf('slice', one('slice', operands).type.shape, axis);
    const after = subtractDims(subtractDims(total, start), length);
    return [build.pad(builder, cotangent, axis, start, after)];
  },
  stack({ builder, operands, attributes }) {
    const axis = numberAttribute('slice', attributes, 'axis');
    need('slice', axis > 0, 'cuts the batch axis');
    return [builder.emit('slice', operands, { ...attributes, axis: axis + 1 })];
  },
  lower(context) {
    const { operands, index, attributes } = context;
    const axis = numberAttribute('slice', attributes, 'axis');
    const start = context.size(dimAttribute('slice', attributes, 'start'));
    const place = add(present(index[axis], 'index'), start);
    return one('slice', operands)(replaceAt(index, axis, place));
  },
};
