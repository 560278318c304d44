/**
 * e to the power of x. With y = exp(x): dx = dy y.
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const exp: Op = unaryOp({
  name: 'exp',
  doc: 'x float: e to the power of x',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.exp(x[i] ?? 0);
  },
  vjp: (b, dy, _x, y) => build.mul(b, dy, y),
  lower: (x) => call('exp', [x], 'f32'),
});
