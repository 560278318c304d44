/**
 * x to the power of y. With z = x^y: dx = dz y x^(y-1), 0 where y = 0; dy = dz z log(x) where x >
 * 0, else 0, since a power of a negative number is defined at isolated exponents only.
 */
import * as build from '../graph/build.ts';
import type { Builder, Value } from '../graph/types.ts';
import { call } from '../kernel/build.ts';
import { binaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const pow: Op = binaryOp({
  name: 'pow',
  doc: 'x, y float: x to the power of y',
  takes: ['float'],
  loop(x, y, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.pow(x[i] ?? 0, y[i] ?? 0);
  },
  vjp: [baseCotangent, exponentCotangent],
  lower: (x, y) => call('pow', [x, y], 'f32'),
});

/** At y = 0 the factor x^(y-1) may be infinite, hence the choice. */
function baseCotangent(b: Builder, dz: Value, x: Value, y: Value): Value {
  const zero = build.constant(b, 0);
  const lowered = build.pow(b, x, build.sub(b, y, build.constant(b, 1)));
  const slope = build.mul(b, y, lowered);
  return build.mul(b, dz, build.select(b, build.equal(b, y, zero), zero, slope));
}

/** The logarithm sees 1 where x <= 0, so that no NaN arises there. */
function exponentCotangent(b: Builder, dz: Value, x: Value, _y: Value, z: Value): Value {
  const zero = build.constant(b, 0);
  const positive = build.less(b, zero, x);
  const safe = build.select(b, positive, x, build.constant(b, 1));
  const slope = build.mul(b, z, build.log(b, safe));
  return build.mul(b, dz, build.select(b, positive, slope, zero));
}
