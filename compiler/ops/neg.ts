/**
 * -x. With y = -x: dx = -dy.
 */
import * as build from '../graph/build.ts';
import { unary } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const neg: Op = unaryOp({
  name: 'neg',
  doc: 'x float or int: -x',
  takes: ['float', 'int'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = -(x[i] ?? 0);
  },
  vjp: (b, dy) => build.neg(b, dy),
  lower: (x) => unary('neg', x),
});
