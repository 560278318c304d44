/**
 * x y. With z = x y: dx = dz y, dy = dz x.
 */
import * as build from '../graph/build.ts';
import * as kernel from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const mul: Op = binaryOp({
  name: 'mul',
  doc: 'x, y float or int: x y',
  takes: ['float', 'int'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? 0) * (y[i] ?? 0);
  },
  vjp: [(b, dz, _x, y) => build.mul(b, dz, y), (b, dz, x) => build.mul(b, dz, x)],
  lower: kernel.mul,
});
