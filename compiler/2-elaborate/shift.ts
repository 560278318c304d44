/** `x<t-1>` of a whole sequence in a model: the layer `shift` of the standard library, applied. */
import { present } from '../base/bug.ts';
import type { Span } from '../base/source.ts';
import type { ElaborationContext } from './context.ts';
import type { Environment } from './environment.ts';
import { definitionLayer, stagePlacement } from './layers.ts';
import type { Tensor } from './values.ts';

/** The value `offset` time steps away; nothing (zeros, no token) beyond either end. */
export function shiftTime(
  ctx: ElaborationContext,
  env: Environment,
  x: Tensor,
  offset: number,
  span: Span,
): Tensor | undefined {
  if (offset === 0) return x;
  if (x.time === undefined) {
    return ctx.error('S4002', 'only a sequence has other time steps', span, {
      secondary: [{ span: x.span, text: `gives ${ctx.describe(x)}` }],
    });
  }
  const shift = present(ctx.definitions.standard.get('shift'), 'the layer shift');
  const steps = { value: { kind: 'number', value: -offset, span }, span } as const;
  const layer = definitionLayer(ctx, shift, [steps], span);
  return layer?.apply(x, stagePlacement(ctx, layer, env));
}
