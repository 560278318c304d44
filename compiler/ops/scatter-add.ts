/**
 * The transpose of gather: ids int [batch…, extra…] and updates [batch…, extra…, rest…] give
 * [batch…, rows, rest…], each update added to the row of its id, in ascending order.
 * With y = scatterAdd(ids, updates): dupdates = gather(dy, ids).
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type { ElementData } from '../../runtime/artifact/nd-array.ts';
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import { evaluateDim, sameShape } from '../graph/dim.ts';
import { tensor } from '../graph/types.ts';
import { add, equal, select } from '../kernel/build.ts';
import { countOf, zeros } from './arrays.ts';
import { repeatOverTime } from './elementwise.ts';
import { outOfRange } from './gather.ts';
import { zeroOf } from './lowering.ts';
import type { Op } from './op.ts';
import { dimAttribute, need, needDtype, numberAttribute, two } from './operands.ts';

export const scatterAdd: Op = {
  name: 'scatterAdd',
  doc:
    'ids int [batch…, extra…], updates float or int [batch…, extra…, rest…]; rows, batch: ' +
    'updates summed into rows by id, [batch…, rows, rest…]',
  infer(operands, attributes) {
    const [ids, updates] = two('scatterAdd', operands);
    needDtype('scatterAdd', ids, 'int');
    needDtype('scatterAdd', updates, 'float', 'int');
    const batch = numberAttribute('scatterAdd', attributes, 'batch');
    const rows = dimAttribute('scatterAdd', attributes, 'rows');
    const rank = ids.shape.length;
    const leading = sameShape(updates.shape.slice(0, rank), ids.shape);
    need('scatterAdd', leading && batch <= rank, 'updates do not begin with the axes of the ids');
    const shape = [...ids.shape.slice(0, batch), rows, ...updates.shape.slice(rank)];
    return [tensor(updates.dtype, shape)];
  },
  evaluate(operands, attributes, { bindings, precision }) {
    const [ids, updates] = two('scatterAdd', operands);
    const batch = numberAttribute('scatterAdd', attributes, 'batch');
    const rows = evaluateDim(dimAttribute('scatterAdd', attributes, 'rows'), bindings);
    const rest = updates.shape.slice(ids.shape.length);
    const block = countOf(rest);
    const shape = [...ids.shape.slice(0, batch), rows, ...rest];
    const result = zeros(updates.dtype, shape, precision);
    const perBatch = countOf(ids.shape.slice(batch));
    for (let i = 0; i < ids.data.length; i++) {
      const id = ids.data[i] ?? 0;
      if (id < 0 || id >= rows) throw outOfRange(ids, i, id, rows);
      const row = Math.floor(i / perBatch) * rows + id;
      addBlock(updates.data, i * block, block, result.data, row * block);
    }
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents, wanted }) {
    const [ids] = two('scatterAdd', operands);
    const cotangent = cotangents[0];
    if (cotangent === undefined || wanted[1] !== true) return [undefined, undefined];
    const batch = numberAttribute('scatterAdd', attributes, 'batch');
    return [undefined, build.gather(builder, cotangent, ids, batch)];
  },
  stack({ builder, operands, varying, attributes, time }) {
    const batch = numberAttribute('scatterAdd', attributes, 'batch');
    need('scatterAdd', batch > 0, 'sums over the batch axis');
    const stacked = operands.map((value, i) =>
      varying[i] === true ? value : repeatOverTime(builder, value, time),
    );
    return [builder.emit('scatterAdd', stacked, { ...attributes, batch: batch + 1 })];
  },
  lower(context) {
    const { operands, index, types, attributes } = context;
    const [ids, updates] = two('scatterAdd', operands);
    const [{ shape }, { dtype }] = two('scatterAdd', types);
    const batch = numberAttribute('scatterAdd', attributes, 'batch');
    const common = index.slice(0, batch);
    const row = present(index[batch], 'index');
    const rest = index.slice(batch + 1);
    const sum = (extra: readonly Expression[], running: Expression): Expression => {
      const update = updates([...common, ...extra, ...rest]);
      return select(equal(ids([...common, ...extra]), row), add(running, update), running);
    };
    const extents = shape.slice(batch).map((width) => context.size(width));
    return extents.length === 0
      ? sum([], zeroOf(dtype))
      : context.reduce(extents, zeroOf(dtype), sum);
  },
};

function addBlock(
  from: ElementData,
  start: number,
  size: number,
  to: ElementData,
  at: number,
): void {
  for (let i = 0; i < size; i++) to[at + i] = (to[at + i] ?? 0) + (from[start + i] ?? 0);
}
