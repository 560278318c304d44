/**
 * The error function 2/√π ∫₀ˣ exp(-u²) du, to full f64 precision. Near 0 by the series of positive
 * terms (Abramowitz and Stegun 7.1.6), further out by the continued fraction of 1 - erf (7.1.14).
 * With y = erf(x): dx = dy 2/√π exp(-x²).
 */
import * as build from '../graph/build.ts';
import { call } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

const twoOverRootPi = 2 / Math.sqrt(Math.PI);

export const erf: Op = unaryOp({
  name: 'erf',
  doc: 'x float: the error function',
  takes: ['float'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = errorFunction(x[i] ?? 0);
  },
  vjp: (b, dy, x) => {
    const slope = build.exp(b, build.neg(b, build.mul(b, x, x)));
    return build.mul(b, dy, build.mul(b, build.constant(b, twoOverRootPi), slope));
  },
  lower: (x) => call('erf', [x], 'f32'),
});

/** Beyond this |x| the result is ±1 to the last bit. */
const saturated = 6;
const seriesBelow = 2.5;
/** Enough for the fraction at `seriesBelow`; it converges faster further out. */
const fractionDepth = 60;

function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size < seriesBelow) return series(x);
  if (size < saturated) return Math.sign(x) * (1 - complement(size));
  return Math.sign(x);
}

/** 2/√π exp(-x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5…(2n+1)). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * sum;
}

/** exp(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))). */
function complement(x: number): number {
  let fraction = x;
  for (let n = fractionDepth; n >= 1; n--) fraction = x + n / 2 / fraction;
  return (Math.exp(-x * x) * twoOverRootPi) / 2 / fraction;
}
