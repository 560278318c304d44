/**
 * The smaller of x and y, NaN if one is NaN. With z = min(x, y): dx = dz where x <= y, else 0;
 * dy = dz where x > y, else 0.
 */
import * as build from '../graph/build.ts';
import { call, min as smaller, typeOf } from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const min: Op = binaryOp({
  name: 'min',
  doc: 'x, y float or int: the smaller',
  takes: ['float', 'int'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.min(x[i] ?? 0, y[i] ?? 0);
  },
  vjp: [
    (b, dz, x, y) => build.select(b, build.lessEqual(b, x, y), dz, build.constant(b, 0)),
    (b, dz, x, y) => build.select(b, build.lessEqual(b, x, y), build.constant(b, 0), dz),
  ],
  lower: (x, y) => (typeOf(x) === 'i32' ? smaller(x, y) : call('minimum', [x, y], 'f32')),
});
