/**
 * Another dtype for the same numbers. To int: towards zero, NaN to 0, held within 32 bits. To bool:
 * whether not 0. From bool: 0 or 1. No cotangent flows through.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import { tensor, type Dtype } from '../graph/types.ts';
import { float, int, notEqual, select, typeOf, unary } from '../kernel/build.ts';
import { isNotZero } from '../kernel/math/bits.ts';
import { zeros } from './arrays.ts';
import { stackElementwise } from './elementwise.ts';
import type { Op } from './op.ts';
import { dtypeAttribute, one } from './operands.ts';

export const cast: Op = {
  name: 'cast',
  doc: 'x any; dtype: the same numbers in another dtype',
  infer: (operands, attributes) => [
    tensor(dtypeAttribute('cast', attributes, 'dtype'), one('cast', operands).shape),
  ],
  evaluate(operands, attributes, { precision }) {
    const x = one('cast', operands);
    const dtype = dtypeAttribute('cast', attributes, 'dtype');
    const result = zeros(dtype, x.shape, precision);
    convert(x.data, dtype, result.data);
    return [result];
  },
  vjp: () => [undefined],
  stack: (context) => stackElementwise('cast', context),
  lower({ operands, index, attributes }) {
    const x = one('cast', operands)(index);
    return converted(x, dtypeAttribute('cast', attributes, 'dtype'));
  },
};

const largestInt = 0x7fffffff;

function convert(x: ElementData, dtype: Dtype, to: ElementData): void {
  switch (dtype) {
    case 'float':
      for (let i = 0; i < to.length; i++) to[i] = x[i] ?? 0;
      return;
    case 'int':
      for (let i = 0; i < to.length; i++) {
        to[i] = Math.min(Math.max(x[i] ?? 0, -largestInt - 1), largestInt);
      }
      return;
    case 'bool':
      for (let i = 0; i < to.length; i++) to[i] = x[i] === 0 ? 0 : 1;
      return;
  }
  dtype satisfies never;
}

function converted(x: Expression, dtype: Dtype): Expression {
  const from = typeOf(x);
  switch (dtype) {
    case 'float':
      if (from === 'bool') return select(x, float(1), float(0));
      return from === 'i32' ? unary('toFloat', x) : x;
    case 'int':
      if (from === 'bool') return select(x, int(1), int(0));
      return from === 'f32' ? unary('toInt', x) : x;
    case 'bool':
      if (from === 'bool') return x;
      return from === 'f32' ? isNotZero(x) : notEqual(x, int(0));
  }
  dtype satisfies never;
}
