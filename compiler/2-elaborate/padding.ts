/**
 * What stands past the ends of sequences. Inputs and outputs are zero there; and an operand at
 * which an operation has no derivative (the logarithm at 0, a quotient by 0) is replaced there,
 * because even a cotangent of zero times an infinite slope would be NaN in the gradient of a
 * weight.
 */
import * as g from '../graph/build.ts';
import type { ElaborationContext } from './context.ts';
import type { Tensor } from './values.ts';

/**
 * `t` with `filler` past each sequence's length. In a scan, time steps past the end do not count.
 */
export function padWith(ctx: ElaborationContext, t: Tensor, filler: number): Tensor {
  const mask = t.time === undefined ? undefined : ctx.mask(t.time);
  if (mask === undefined) return t;
  const b = ctx.builder;
  const value = { id: t.value.id, type: ctx.resolveType(t.value.type) };
  const spread = g.broadcast(b, mask, value.type.shape, [0, 1]);
  const padding = g.constant(b, filler, value.type.dtype);
  return { ...t, value: g.select(b, spread, value, padding) };
}
