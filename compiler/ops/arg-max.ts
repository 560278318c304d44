/** Index of the largest along the last axis, which goes; the first of equals, or the first NaN. */
import { tensor } from '../graph/types.ts';
import { and, int, less, or, select, unary } from '../kernel/build.ts';
import { isNaNumber } from '../kernel/math/bits.ts';
import { countOf, zeros } from './arrays.ts';
import type { Op } from './op.ts';
import { axisOf, need, needDtype, one } from './operands.ts';

export const argMax: Op = {
  name: 'argMax',
  doc: 'x float or int [..., n]: index of the first of the largest along the last axis, int',
  infer(operands) {
    const x = one('argMax', operands);
    needDtype('argMax', x, 'float', 'int');
    need('argMax', x.shape.length > 0, 'a scalar has no last axis');
    return [tensor('int', x.shape.slice(0, -1))];
  },
  evaluate(operands, _attributes, { precision }) {
    const { shape, data } = one('argMax', operands);
    const width = shape.at(-1) ?? 1;
    const kept = shape.slice(0, -1);
    const result = zeros('int', kept, precision);
    for (let row = 0; row < countOf(kept); row++) {
      let best = 0;
      let largest = data[row * width] ?? 0;
      for (let i = 1; i < width; i++) {
        const value = data[row * width + i] ?? 0;
        const better = value > largest || (Number.isNaN(value) && !Number.isNaN(largest));
        if (better) {
          largest = value;
          best = i;
        }
      }
      result.data[row] = best;
    }
    return [result];
  },
  stack: ({ builder, operands }) => [builder.emit('argMax', operands)],
  lower(context) {
    const { operands, index, types } = context;
    const x = one('argMax', operands);
    const { dtype, shape } = one('argMax', types);
    const width = context.size(axisOf('argMax', shape, shape.length - 1));
    return context.reduce([width], int(0), ([at = int(0)], best) => {
      const value = context.named(x([...index, at]));
      const largest = context.named(x([...index, best]));
      const larger = less(largest, value);
      if (dtype === 'int') return select(larger, at, best);
      const firstNaN = and(isNaNumber(value), unary('not', isNaNumber(largest)));
      return select(or(larger, firstNaN), at, best);
    });
  },
};
