/**
 * `dot` for all time steps at once. Where one operand varies, time is one more of its free axes;
 * where both do, time is a batch axis. Time then moves to axis 1 of the result.
 */
import * as build from '../graph/build.ts';
import type { Builder, Value } from '../graph/types.ts';
import type { StackContext } from './op.ts';
import { axesAttribute, need, two } from './operands.ts';

export function stackDot(context: StackContext): readonly Value[] {
  const { builder, operands, varying, attributes } = context;
  const [x, y] = two('dot', operands);
  const [xVaries, yVaries] = [varying[0] === true, varying[1] === true];
  const shift = (name: string, varies: boolean): readonly number[] =>
    axesAttribute('dot', attributes, name).map((axis) => (varies && axis > 0 ? axis + 1 : axis));
  const contract = [shift('contractLeft', xVaries), shift('contractRight', yVaries)] as const;
  const batch = [shift('batchLeft', xVaries), shift('batchRight', yVaries)] as const;
  if (xVaries && yVaries) {
    need('dot', batch[0][0] === 0 && batch[1][0] === 0, 'varying operands not joined by batch');
    const joined = batch.map(([first = 0, ...rest]) => [first, 1, ...rest]);
    return [build.dot(builder, x, y, { contract, batch: [joined[0] ?? [], joined[1] ?? []] })];
  }
  const product = build.dot(builder, x, y, { contract, batch });
  const own = xVaries ? 0 : 1;
  const isFree = (axis: number): boolean =>
    !contract[own].includes(axis) && !batch[own].includes(axis);
  // Axis 1 of the varying operand is the first of its free axes but for a free batch axis.
  const before = isFree(0) ? 1 : 0;
  const leftFree = x.type.shape.length - contract[0].length - batch[0].length;
  const time = batch[0].length + before + (xVaries ? 0 : leftFree);
  return [moveToTime(builder, product, time)];
}

/** Moves an axis to axis 1. */
export function moveToTime(b: Builder, value: Value, axis: number): Value {
  if (axis === 1) return value;
  const others = value.type.shape.map((_, i) => i).filter((i) => i !== axis);
  const [batch = 0, ...rest] = others;
  return build.transpose(b, value, [batch, axis, ...rest]);
}
