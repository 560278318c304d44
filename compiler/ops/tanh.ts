/**
 * Hyperbolic tangent, ±1 at both ends. With y = tanh(x): dx = dy (1 - y²).
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const tanh: Op = unaryOp({
  name: 'tanh',
  doc: 'x float: hyperbolic tangent',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.tanh(x[i] ?? 0);
  },
  vjp: (b, dy, _x, y) => build.mul(b, dy, build.sub(b, build.constant(b, 1), build.mul(b, y, y))),
  lower: (x) => call('tanh', [x], 'f32'),
});
