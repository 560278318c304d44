/**
 * Logical disjunction.
 */
import * as kernel from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const or: Op = binaryOp({
  name: 'or',
  doc: 'x bool, y bool: one or both',
  takes: ['bool'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? 0) | (y[i] ?? 0);
  },
  lower: kernel.or,
});
