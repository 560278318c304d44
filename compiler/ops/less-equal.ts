/**
 * x <= y.
 */
import * as kernel from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const lessEqual: Op = binaryOp({
  name: 'lessEqual',
  doc: 'x, y float or int: x <= y, bool',
  takes: ['float', 'int'],
  gives: 'bool',
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? 0) <= (y[i] ?? 0) ? 1 : 0;
  },
  lower: kernel.lessEqual,
});
