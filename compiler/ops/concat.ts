/**
 * Arrays side by side along one axis. With y = concat(x0, x1, …): each dx is its own stretch of dy.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { addDims, fixed, fixedValue, sameDim, type Dim } from '../graph/dim.ts';
import { tensor, type Value } from '../graph/types.ts';
import { int, less, max, min, select, sub } from '../kernel/build.ts';
import { copyBlock, splitAt, zeros } from './arrays.ts';
import { repeatOverTime } from './elementwise.ts';
import { replaceAt, zeroOf } from './lowering.ts';
import type { LowerContext, Op } from './op.ts';
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
  lower(context) {
    const axis = numberAttribute('concat', context.attributes, 'axis');
    const parts = partsOf(context, axis);
    const [last] = parts.slice(-1);
    if (last === undefined) return zeroOf(firstOf(context.types).dtype);
    return parts
      .slice(0, -1)
      .reduceRight(
        (later, { ends, element }) =>
          select(less(placeOf(context, axis), ends), element(true), later),
        last.element(false),
      );
  },
};

interface Part {
  /** The first place after it. */
  readonly ends: Expression;
  /** Its element at the wanted place; held, at its last place where the wanted one is after it. */
  readonly element: (held: boolean) => Expression;
}

/** The parts with something in them. All are read, also those before and after the wanted place. */
function partsOf(context: LowerContext, axis: number): readonly Part[] {
  const place = placeOf(context, axis);
  let start: Dim = fixed(0);
  return context.operands.flatMap((operand, i) => {
    const width = axisOf('concat', present(context.types[i], 'type').shape, axis);
    if (fixedValue(width) === 0) return [];
    const from = context.size(start);
    const above = fixedValue(start) === 0 ? place : max(sub(place, from), int(0));
    start = addDims(start, width);
    const within = min(above, sub(context.size(width), int(1)));
    const element = (held: boolean): Expression =>
      operand(replaceAt(context.index, axis, held ? within : above));
    return [{ ends: context.size(start), element }];
  });
}

function placeOf({ index }: LowerContext, axis: number): Expression {
  return present(index[axis], 'index');
}

function firstOf<T>(operands: readonly T[]): T {
  const [first] = operands;
  if (first === undefined) throw new CompilerBug('concat', 'nothing to join');
  return first;
}
