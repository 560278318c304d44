/**
 * Another dtype for the same numbers. To int: towards zero, NaN to 0, held within 32 bits. To bool:
 * whether not 0. From bool: 0 or 1. No cotangent flows through.
 */
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import { tensor, type Dtype } from '../graph/types.ts';
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
