/**
 * The largest integer that is not above x. The derivative is 0 wherever there is one.
 */
import { unary } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const floor: Op = unaryOp({
  name: 'floor',
  doc: 'x float: the largest integer not above x',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.floor(x[i] ?? 0);
  },
  vjp: () => undefined,
  lower: (x) => unary('floor', x),
});
