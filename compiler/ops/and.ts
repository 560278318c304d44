/**
 * Logical conjunction.
 */
import * as kernel from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const and: Op = binaryOp({
  name: 'and',
  doc: 'x bool, y bool: both',
  takes: ['bool'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? 0) & (y[i] ?? 0);
  },
  lower: kernel.and,
});
