/**
 * |x|. With y = |x|: dx = dy sign(x), so 0 at 0.
 */
import * as build from '../graph/build.ts';
import { unary } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const abs: Op = unaryOp({
  name: 'abs',
  doc: 'x float or int: |x|',
  takes: ['float', 'int'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.abs(x[i] ?? 0);
  },
  vjp: (b, dy, x) => build.mul(b, dy, build.sign(b, x)),
  lower: (x) => unary('abs', x),
});
