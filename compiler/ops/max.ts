/**
 * The larger of x and y, NaN if one is NaN. With z = max(x, y): dx = dz where x >= y, else 0;
 * dy = dz where x < y, else 0.
 */
import * as build from '../graph/build.ts';
import { call, max as larger, typeOf } from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const max: Op = binaryOp({
  name: 'max',
  doc: 'x, y float or int: the larger',
  takes: ['float', 'int'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.max(x[i] ?? 0, y[i] ?? 0);
  },
  vjp: [
    (b, dz, x, y) => build.select(b, build.lessEqual(b, y, x), dz, build.constant(b, 0)),
    (b, dz, x, y) => build.select(b, build.lessEqual(b, y, x), build.constant(b, 0), dz),
  ],
  lower: (x, y) => (typeOf(x) === 'i32' ? larger(x, y) : call('maximum', [x, y], 'f32')),
});
