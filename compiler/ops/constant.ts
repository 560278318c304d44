/** A number known at compile time, as a scalar. */
import { tensor } from '../graph/types.ts';
import { zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { dtypeAttribute, numberAttribute } from './operands.ts';

export const constant: Op = {
  name: 'constant',
  doc: '; value, dtype: a number, scalar',
  infer(_operands, attributes) {
    numberAttribute('constant', attributes, 'value');
    return [tensor(dtypeAttribute('constant', attributes, 'dtype'), [])];
  },
  evaluate(_operands, attributes, { precision }) {
    const result = zeros(dtypeAttribute('constant', attributes, 'dtype'), [], precision);
    result.data[0] = numberAttribute('constant', attributes, 'value');
    return [result];
  },
};
