/** A number known at compile time, as a scalar. */
import { tensor } from '../graph/types.ts';
import { bool, float, int } from '../kernel/build.ts';
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
  lower({ attributes }) {
    const value = numberAttribute('constant', attributes, 'value');
    const dtype = dtypeAttribute('constant', attributes, 'dtype');
    switch (dtype) {
      case 'float':
        return float(Math.fround(value));
      case 'int':
        return int(value | 0);
      case 'bool':
        return bool(value !== 0);
    }
    dtype satisfies never;
  },
};
