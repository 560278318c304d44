/**
 * What the ops share when one element of a result is written as an expression of kernels: the zero
 * of a dtype, an index that is held in range, the place of an element in row-major order.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { present } from '../base/bug.ts';
import type { Dim } from '../graph/dim.ts';
import type { Dtype } from '../graph/types.ts';
import { add, bool, float, int, max, min, mul, sub } from '../kernel/build.ts';
import type { LowerContext } from './op.ts';

export function zeroOf(dtype: Dtype): Expression {
  switch (dtype) {
    case 'float':
      return float(0);
    case 'int':
      return int(0);
    case 'bool':
      return bool(false);
  }
  dtype satisfies never;
}

/**
 * The place, or the nearest in [0, width): for the side of a choice that is not taken, which may be
 * evaluated too. An axis of width 0 has no such place, and 0 is given.
 */
export function heldWithin(place: Expression, width: Dim, context: LowerContext): Expression {
  return max(min(place, sub(context.size(width), int(1))), int(0));
}

/** The index with another place along one axis. */
export function replaceAt(
  index: readonly Expression[],
  axis: number,
  place: Expression,
): readonly Expression[] {
  return index.map((other, i) => (i === axis ? place : other));
}

/** How many elements stand before this one. */
export function rowMajor(
  index: readonly Expression[],
  shape: readonly Dim[],
  context: LowerContext,
): Expression {
  let flat: Expression = int(0);
  index.forEach((place, axis) => {
    flat = add(mul(flat, context.size(present(shape[axis], 'axis'))), place);
  });
  return flat;
}
