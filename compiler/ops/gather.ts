/**
 * Rows of a table by id: table [batch…, rows, rest…] and ids int [batch…, extra…] give
 * [batch…, extra…, rest…]. An id that is no row is a RuntimeFault.
 * With y = gather(table, ids): dtable = scatterAdd(ids, dy).
 */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import * as build from '../graph/build.ts';
import { sameShape } from '../graph/dim.ts';
import { tensor, type Value } from '../graph/types.ts';
import { copyBlock, countOf, zeros } from './arrays.ts';
import { moveToTime } from './dot-stack.ts';
import { repeatOverTime } from './elementwise.ts';
import { heldWithin } from './lowering.ts';
import type { Op, StackContext } from './op.ts';
import { axisOf, need, needDtype, numberAttribute, two } from './operands.ts';

export const gather: Op = {
  name: 'gather',
  doc:
    'table any [batch…, rows, rest…], ids int [batch…, extra…]; batch: ' +
    'rows by id, [batch…, extra…, rest…]',
  infer(operands, attributes) {
    const [table, ids] = two('gather', operands);
    needDtype('gather', ids, 'int');
    const batch = numberAttribute('gather', attributes, 'batch');
    axisOf('gather', table.shape, batch);
    const common = sameShape(table.shape.slice(0, batch), ids.shape.slice(0, batch));
    need('gather', common && ids.shape.length >= batch, 'batch axes differ');
    return [tensor(table.dtype, [...ids.shape, ...table.shape.slice(batch + 1)])];
  },
  evaluate(operands, attributes, { precision }) {
    const [table, ids] = two('gather', operands);
    const batch = numberAttribute('gather', attributes, 'batch');
    const block = countOf(table.shape.slice(batch + 1));
    const rows = table.shape[batch] ?? 0;
    const result = zeros(table.dtype, [...ids.shape, ...table.shape.slice(batch + 1)], precision);
    const perBatch = countOf(ids.shape.slice(batch));
    for (let i = 0; i < ids.data.length; i++) {
      const id = ids.data[i] ?? 0;
      if (id < 0 || id >= rows) throw outOfRange(ids, i, id, rows);
      const row = Math.floor(i / perBatch) * rows + id;
      copyBlock(table.data, row * block, block, result.data, i * block);
    }
    return [result];
  },
  vjp({ builder, operands, attributes, cotangents, wanted }) {
    const [table, ids] = two('gather', operands);
    const cotangent = cotangents[0];
    if (cotangent === undefined || wanted[0] !== true) return [undefined, undefined];
    const batch = numberAttribute('gather', attributes, 'batch');
    const rows = axisOf('gather', table.type.shape, batch);
    return [build.scatterAdd(builder, ids, cotangent, rows, batch), undefined];
  },
  stack: stackGather,
  // The ids are checked before anything runs; the hold keeps what padding leaves from faulting.
  lower(context) {
    const { operands, index, types, attributes } = context;
    const [table, ids] = two('gather', operands);
    const [{ shape }, { shape: idShape }] = two('gather', types);
    const batch = numberAttribute('gather', attributes, 'batch');
    const rank = idShape.length;
    const rows = axisOf('gather', shape, batch);
    const id = heldWithin(ids(index.slice(0, rank)), rows, context);
    return table([...index.slice(0, batch), id, ...index.slice(rank)]);
  },
};

/** Says where in the ids the bad one stands. Also used by scatterAdd. */
export function outOfRange(ids: NdArray, index: number, id: number, rows: number): RuntimeFault {
  const position: number[] = [];
  let rest = index;
  for (const size of [...ids.shape].reverse()) {
    position.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return new RuntimeFault(
    'R7003',
    `the id at [${position.join(', ')}] is ${id}, but there are ${rows} rows`,
    rows === 0 ? undefined : `ids run from 0 to ${rows - 1}`,
  );
}

/**
 * A table that does not vary is indexed by all steps' ids, time being one of their extra axes; a
 * table that does brings time in as a batch axis of both.
 */
function stackGather({ builder, operands, varying, attributes, time }: StackContext): Value[] {
  const [table, ids] = two('gather', operands);
  const batch = numberAttribute('gather', attributes, 'batch');
  if (varying[0] === true) {
    need('gather', batch > 0, 'a varying table has no batch axis');
    const repeated = varying[1] === true ? ids : repeatOverTime(builder, ids, time);
    return [build.gather(builder, table, repeated, batch + 1)];
  }
  if (batch <= 1) return [build.gather(builder, table, ids, batch)];
  const axes = ids.type.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const reordered = [...axes.slice(0, batch), 1, ...axes.slice(batch)];
  const rows = build.gather(builder, table, build.transpose(builder, ids, reordered), batch);
  return [moveToTime(builder, rows, batch)];
}
