/**
 * log(1 + exp(x)), computed as max(x, 0) + log1p(exp(-|x|)), which neither overflows nor loses the
 * small end. With y = softplus(x): dx = dy sigmoid(x).
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const softplus: Op = unaryOp({
  name: 'softplus',
  doc: 'x float: log(1 + exp(x))',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) {
      const at = x[i] ?? 0;
      to[i] = Math.max(at, 0) + Math.log1p(Math.exp(-Math.abs(at)));
    }
  },
  vjp: (b, dy, x) => build.mul(b, dy, build.sigmoid(b, x)),
  lower: (x) => call('softplus', [x], 'f32'),
});
