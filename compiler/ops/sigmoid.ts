/**
 * The logistic function 1 / (1 + exp(-x)), 0 and 1 at the ends: the exponent is never positive, so
 * that nothing overflows. With y = sigmoid(x): dx = dy y (1 - y).
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const sigmoid: Op = unaryOp({
  name: 'sigmoid',
  doc: 'x float: 1 / (1 + exp(-x))',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) {
      const at = x[i] ?? 0;
      const small = Math.exp(-Math.abs(at));
      to[i] = (at >= 0 ? 1 : small) / (1 + small);
    }
  },
  vjp: (b, dy, _x, y) => build.mul(b, dy, build.mul(b, y, build.sub(b, build.constant(b, 1), y))),
  lower: (x) => call('sigmoid', [x], 'f32'),
});
