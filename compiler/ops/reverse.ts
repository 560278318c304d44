/**
 * Each sequence of x [B, T, …] back to front within its length n: y[b, t] = x[b, n-1-t] for t < n,
 * else 0. With y = reverse(x): dx = reverse(dy), the map being symmetric.
 */
import * as build from '../graph/build.ts';
import { sameDim } from '../graph/dim.ts';
import { int, less, max, min, select, sub } from '../kernel/build.ts';
import { copyBlock, countOf, zeros } from './arrays.ts';
import { replaceAt, zeroOf } from './lowering.ts';
import type { Op } from './op.ts';
import { axisOf, need, needDtype, two } from './operands.ts';

export const reverse: Op = {
  name: 'reverse',
  doc: 'x any [B, T, …], lengths int [B]: each sequence back to front, zeros past its length',
  infer(operands) {
    const [x, lengths] = two('reverse', operands);
    needDtype('reverse', lengths, 'int');
    need('reverse', x.shape.length >= 2, 'x has no time axis');
    const batch = axisOf('reverse', lengths.shape, 0);
    const same = lengths.shape.length === 1 && sameDim(axisOf('reverse', x.shape, 0), batch);
    need('reverse', same, 'lengths are not one a row');
    return [x];
  },
  evaluate(operands, _attributes, { precision }) {
    const [x, lengths] = two('reverse', operands);
    const [batch = 0, time = 0, ...rest] = x.shape;
    const block = countOf(rest);
    const result = zeros(x.dtype, x.shape, precision);
    for (let row = 0; row < batch; row++) {
      const length = Math.min(lengths.data[row] ?? 0, time);
      const first = row * time;
      for (let t = 0; t < length; t++) {
        const from = (first + length - 1 - t) * block;
        copyBlock(x.data, from, block, result.data, (first + t) * block);
      }
    }
    return [result];
  },
  vjp({ builder, operands, cotangents }) {
    const cotangent = cotangents[0];
    const [, lengths] = two('reverse', operands);
    return [
      cotangent === undefined ? undefined : build.reverse(builder, cotangent, lengths),
      undefined,
    ];
  },
  lower(context) {
    const { operands, index, types } = context;
    const [x, lengths] = two('reverse', operands);
    const [{ dtype, shape }] = two('reverse', types);
    const [row, t] = two('reverse', index.slice(0, 2));
    const length = min(lengths([row]), context.size(axisOf('reverse', shape, 1)));
    const mirrored = max(sub(sub(length, int(1)), t), int(0));
    return select(less(t, length), x(replaceAt(index, 1, mirrored)), zeroOf(dtype));
  },
};
