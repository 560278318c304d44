/**
 * Arrays side by side along one axis. With y = concat(x0, x1, …): each dx is its own stretch of dy.
 */
import * as build from '../graph/build.ts';
import { addDims, fixed, sameDim, type Dim } from '../graph/dim.ts';
import { tensor, type Value } from '../graph/types.ts';
import { CompilerBug } from '../base/bug.ts';
import { copyBlock, splitAt, zeros } from './arrays.ts';
import { repeatOverTime } from './elementwise.ts';
import type { Op } from './op.ts';
import { axisOf, need, numberAttribute } from './operands.ts';

export const concat: Op = {
  name: 'concat',
  doc: 'x0, x1, … any; axis: side by side along one axis',
  infer(operands, attributes) {
    const axis = numberAttribute('concat', attributes, 'axis');
    const first = firstOf(operands);
    let total: Dim = fixed(0);
    for (const { dtype, shape } of operands) {
      need('concat', dtype === first.dtype, `parts are ${first.dtype} and ${dtype}`);
      const alike = shape.every(
        (dim, i) => i === axis || sameDim(dim, first.shape[i] ?? fixed(-1)),
      );
      need('concat', alike && shape.length === first.shape.length, 'parts differ in shape');
      total = addDims(total, axisOf('concat', shape, axis));
    }
    return [
      tensor(
        first.dtype,
        first.shape.map((dim, i) => (i === axis ? total : dim)),
      ),
    ];
  },
  evaluate(operands, attributes, { precision }) {
    const axis = numberAttribute('concat', attributes, 'axis');
    const first = firstOf(operands);
    const width = operands.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
    const shape = first.shape.map((n, i) => (i === axis ? width : n));
    const result = zeros(first.dtype, shape, precision);
    const { outer, inner } = splitAt(shape, axis);
    let at = 0;
    for (const part of operands) {
      const block = (part.shape[axis] ?? 0) * inner;
      for (let i = 0; i < outer; i++) {
        copyBlock(part.data, i * block, block, result.data, i * width * inner + at);
      }
      at += block;
    }
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents, wanted }) {
    const cotangent = cotangents[0];
    const axis = numberAttribute('concat', attributes, 'axis');
    let start: Dim = fixed(0);
    return operands.map((part, i) => {
      const from = start;
      const length = axisOf('concat', part.type.shape, axis);
      start = addDims(start, length);
      if (cotangent === undefined || wanted[i] !== true) return undefined;
      return build.slice(builder, cotangent, axis, from, length);
    });
  },
  stack({ builder, operands, varying, attributes, time }) {
    const axis = numberAttribute('concat', attributes, 'axis');
    need('concat', axis > 0, 'joins along the batch axis');
    const parts = operands.map((value: Value, i) =>
      varying[i] === true ? value : repeatOverTime(builder, value, time),
    );
    return [build.concat(builder, parts, axis + 1)];
  },
};

function firstOf<T>(operands: readonly T[]): T {
  const [first] = operands;
  if (first === undefined) throw new CompilerBug('concat', 'nothing to join');
  return first;
}
