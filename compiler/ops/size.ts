/** The value of a dimension, as a scalar float. */
import { evaluateDim } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { unary } from '../kernel/build.ts';
import { zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { dimAttribute } from './operands.ts';

export const size: Op = {
  name: 'size',
  doc: '; dim: the value of a dimension, scalar float',
  infer(_operands, attributes) {
    dimAttribute('size', attributes, 'dim');
    return [tensor('float', [])];
  },
  evaluate(_operands, attributes, { bindings, precision }) {
    const result = zeros('float', [], precision);
    result.data[0] = evaluateDim(dimAttribute('size', attributes, 'dim'), bindings);
    return [result];
  },
  lower: (context) =>
    unary('toFloat', context.size(dimAttribute('size', context.attributes, 'dim'))),
};
