/**
 * Cosine. With y = cos(x): dx = -dy sin(x).
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const cos: Op = unaryOp({
  name: 'cos',
  doc: 'x float: cosine',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.cos(x[i] ?? 0);
  },
  vjp: (b, dy, x) => build.neg(b, build.mul(b, dy, build.sin(b, x))),
  lower: (x) => call('cos', [x], 'f32'),
});
