/** 0, 1, 2 … below a dimension, int. */
import { evaluateDim } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { dimAttribute, one } from './operands.ts';

export const iota: Op = {
  name: 'iota',
  doc: '; dim: 0 to dim - 1, int [dim]',
  infer: (_operands, attributes) => [tensor('int', [dimAttribute('iota', attributes, 'dim')])],
  evaluate(_operands, attributes, { bindings, precision }) {
    const length = evaluateDim(dimAttribute('iota', attributes, 'dim'), bindings);
    const result = zeros('int', [length], precision);
    for (let i = 0; i < length; i++) result.data[i] = i;
    return [result];
  },
  lower: ({ index }) => one('iota', index),
};
