/**
 * x + y. With z = x + y: dx = dz, dy = dz.
 */
import * as kernel from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const add: Op = binaryOp({
  name: 'add',
  doc: 'x, y float or int: x + y',
  takes: ['float', 'int'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = (x[i] ?? 0) + (y[i] ?? 0);
  },
  vjp: [(_b, dz) => dz, (_b, dz) => dz],
  lower: kernel.add,
});
