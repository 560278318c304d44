/**
 * x itself, through which no cotangent flows back.
 */
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const stopGradient: Op = unaryOp({
  name: 'stopGradient',
  doc: 'x float: x, and no cotangent flows back',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = x[i] ?? 0;
  },
  vjp: () => undefined,
  lower: (x) => x,
});
