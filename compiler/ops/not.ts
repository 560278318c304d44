/**
 * Logical negation.
 */
import { unary } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const not: Op = unaryOp({
  name: 'not',
  doc: 'x bool: not x',
  takes: ['bool'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = x[i] === 0 ? 1 : 0;
  },
  lower: (x) => unary('not', x),
});
