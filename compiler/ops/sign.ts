/**
 * -1, 0 or 1. The derivative is 0 wherever there is one.
 */
import { float, int, less, select, typeOf } from '../kernel/build.ts';
import { unaryOp } from './elementwise.ts';
import type { Op } from './op.ts';

export const sign: Op = unaryOp({
  name: 'sign',
  doc: 'x float or int: -1, 0 or 1',
  takes: ['float', 'int'],
  loop(x, to) {
    for (let i = 0; i < to.length; i++) to[i] = Math.sign(x[i] ?? 0);
  },
  vjp: () => undefined,
  // What is neither above nor below 0 stays: 0 of either sign, NaN.
  lower(given, context) {
    const x = context.named(given);
    const number = typeOf(x) === 'f32' ? float : int;
    const notAbove = select(less(x, number(0)), number(-1), x);
    return select(less(number(0), x), number(1), notAbove);
  },
});
