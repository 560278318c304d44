/**
 * Sine. With y = sin(x): dx = dy cos(x).
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const sin: Op = unaryOp({
  name: 'sin',
  doc: 'x float: sine',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.sin(x[i] ?? 0);
  },
  vjp: (b, dy, x) => build.mul(b, dy, build.cos(b, x)),
  lower: (x) => call('sin', [x], 'f32'),
});
