/**
 * x / y. With z = x / y: dx = dz / y, dy = -(dz / y) z.
 */
import * as build from '../graph/build.ts';
import * as kernel from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const div: Op = binaryOp({
  name: 'div',
  doc: 'x, y float: x / y',
  takes: ['float'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? 0) / (y[i] ?? 0);
  },
  vjp: [
    (b, dz, _x, y) => build.div(b, dz, y),
    (b, dz, _x, y, z) => build.neg(b, build.mul(b, build.div(b, dz, y), z)),
  ],
  lower: kernel.div,
});
