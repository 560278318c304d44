/**
 * -1, 0 or 1. The derivative is 0 wherever there is one.
 */
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const sign: Op = unaryOp({
  name: 'sign',
  doc: 'x float or int: -1, 0 or 1',
  takes: ['float', 'int'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.sign(x[i] ?? 0);
  },
  vjp: () => undefined,
});
