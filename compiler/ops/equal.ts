/**
 * x = y; NaN equals nothing.
 */
import { equal as same, int, select, typeOf } from '../kernel/build.ts';
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
  lower(x, y) {
    if (typeOf(x) !== 'bool') return same(x, y);
    return same(select(x, int(1), int(0)), select(y, int(1), int(0)));
  },
});
