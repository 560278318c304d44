/**
 * Natural logarithm; -Infinity at 0. With y = log(x): dx = dy / x.
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const log: Op = unaryOp({
  name: 'log',
  doc: 'x float: natural logarithm',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.log(x[i] ?? 0);
  },
  vjp: (b, dy, x) => build.div(b, dy, x),
  lower: (x) => call('log', [x], 'f32'),
});
