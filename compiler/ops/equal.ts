/**
 * x = y; NaN equals nothing.
 */
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const equal: Op = binaryOp({
  name: 'equal',
  doc: 'x, y any: x = y, bool',
  takes: ['float', 'int', 'bool'],
  gives: 'bool',
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = x[i] === y[i] ? 1 : 0;
  },
});
