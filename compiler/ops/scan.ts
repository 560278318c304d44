/**
 * The one loop: runs a body once a time step, handing carries on, reading xs and writing ys. See
 * ScanAttributes in graph/types.ts for operands and results. A row past its length keeps its
 * carries and yields zeros; steps at which no row is left are not run at all. Its derivative, BPTT,
 * is a pass of its own (3-differentiate).
 */
import { evaluateDim, sameDim, type Dim } from '../graph/dim.ts';
import { tensor, type Attributes, type ScanAttributes, type TensorType } from '../graph/types.ts';
import type { Op } from './op.ts';
import {
  axisOf,
  dimAttribute,
  flagAttribute,
  graphAttribute,
  need,
  numberAttribute,
  sameType,
} from './operands.ts';
import { evaluateScan } from './scan-evaluate.ts';

export const scan: Op = {
  name: 'scan',
  doc:
    'constants…, carries…, xs… [B, T, …], lengths int [B] if lengths; constants, carries, xs, ' +
    'lengths, reverse, time, body: runs the body once a time step; final carries…, ys… [B, T, …]',
  infer: (operands, attributes) => inferScan(operands, scanAttributes(attributes)),
  evaluate(operands, attributes, evaluation, results) {
    const scanned = scanAttributes(attributes);
    const time = evaluateDim(scanned.time, evaluation.bindings);
    return evaluateScan(scanned, time, splitOperands(operands, scanned), evaluation, results);
  },
};

export function scanAttributes(attributes: Attributes): ScanAttributes {
  return {
    constants: numberAttribute('scan', attributes, 'constants'),
    carries: numberAttribute('scan', attributes, 'carries'),
    xs: numberAttribute('scan', attributes, 'xs'),
    lengths: flagAttribute('scan', attributes, 'lengths'),
    reverse: flagAttribute('scan', attributes, 'reverse'),
    time: dimAttribute('scan', attributes, 'time'),
    body: graphAttribute('scan', attributes, 'body'),
  };
}

export interface ScanOperands<T> {
  readonly constants: readonly T[];
  readonly carries: readonly T[];
  readonly xs: readonly T[];
  readonly lengths: T | undefined;
}

/** A scan's operands by what they are for. */
export function splitOperands<T>(
  operands: readonly T[],
  { constants, carries, xs, lengths }: ScanAttributes,
): ScanOperands<T> {
  const total = constants + carries + xs + (lengths ? 1 : 0);
  need('scan', operands.length === total, `${operands.length} operands, ${total} announced`);
  return {
    constants: operands.slice(0, constants),
    carries: operands.slice(constants, constants + carries),
    xs: operands.slice(constants + carries, constants + carries + xs),
    lengths: lengths ? operands[total - 1] : undefined,
  };
}

function inferScan(
  operands: readonly TensorType[],
  attributes: ScanAttributes,
): readonly TensorType[] {
  const { body, time } = attributes;
  const { constants, carries, xs, lengths } = splitOperands(operands, attributes);
  const batch = batchOf(carries, xs);
  const expected = [...constants, ...carries, ...xs.map((x) => stepType(x, batch, time))];
  need('scan', body.parameters.length === expected.length, 'body takes another number of values');
  expected.forEach((type, i) => {
    const parameter = body.parameters[i];
    const fits = parameter !== undefined && sameType(parameter.value.type, type);
    need('scan', fits, `body parameter ${parameter?.name ?? i} has another type than its operand`);
  });
  carries.forEach((type, i) => {
    needBatch(type, batch, 'a carry');
    const next = body.results[i];
    const kept = next !== undefined && sameType(next.value.type, type);
    need('scan', kept, `carry ${next?.name ?? i} changes its type`);
  });
  if (lengths !== undefined) {
    need('scan', sameType(lengths, tensor('int', [batch])), 'lengths are not int, one a row');
  }
  const ys = body.results.slice(carries.length).map(({ value: { type } }) => {
    needBatch(type, batch, 'a y');
    return tensor(type.dtype, [batch, time, ...type.shape.slice(1)]);
  });
  return [...carries, ...ys];
}

function batchOf(carries: readonly TensorType[], xs: readonly TensorType[]): Dim {
  const first = carries[0] ?? xs[0];
  return axisOf('scan', first?.shape ?? [], 0);
}

/** The type of an xs operand at one step. */
function stepType(x: TensorType, batch: Dim, time: Dim): TensorType {
  needBatch(x, batch, 'an x');
  need('scan', sameDim(axisOf('scan', x.shape, 1), time), 'axis 1 of an x is not time');
  return tensor(x.dtype, [batch, ...x.shape.slice(2)]);
}

function needBatch(type: TensorType, batch: Dim, what: string): void {
  const [first] = type.shape;
  need('scan', first !== undefined && sameDim(first, batch), `axis 0 of ${what} is not batch`);
}
