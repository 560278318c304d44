/**
 * Square root. With y = sqrt(x): dx = dy / (2 y).
 */
import * as build from '../graph/build.ts';
import { unary } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const sqrt: Op = unaryOp({
  name: 'sqrt',
  doc: 'x float: square root',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.sqrt(x[i] ?? 0);
  },
  vjp: (b, dy, _x, y) => build.div(b, dy, build.mul(b, build.constant(b, 2), y)),
  lower: (x) => unary('sqrt', x),
});
