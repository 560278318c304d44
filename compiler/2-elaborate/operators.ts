/**
 * Elementwise arithmetic on tensors that know their axes. A vector without batch (a weight) meets
 * every row and time step; a value without features (a mean) meets every feature; feature shapes of
 * equal rank are unified.
 */
import type { BinaryOperator } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import { add, broadcast, cast, constant, div, mul, neg, pow, sub } from '../graph/build.ts';
import { fixed, type Dim, type Shape } from '../graph/dim.ts';
import type { Builder, Value } from '../graph/types.ts';
import { batchDim, type ElaborationContext } from './context.ts';
import { padWith } from './padding.ts';
import { featureShape, leadingAxes, type Tensor } from './values.ts';

export interface Aligned {
  readonly values: readonly Value[];
  /** The common axes; `value` is the first operand's and stands for none. */
  readonly template: Omit<Tensor, 'value'>;
}

/** Broadcasts tensors to their common shape; reports a clash and gives undefined. */
export function align(
  ctx: ElaborationContext,
  operands: readonly Tensor[],
  span: Span,
): Aligned | undefined {
  const leading = commonLeading(ctx, operands, span);
  const features = leading && commonFeatures(ctx, operands, span);
  if (leading === undefined || features === undefined) return undefined;
  return {
    // A value without features meets every feature; one with features has the common ones.
    values: operands.map((t) => spread(ctx, t, leading, features)),
    template: leading,
  };
}

/** Brings tensors to common batch and time axes, each with features of its own. */
export function alignLeading(
  ctx: ElaborationContext,
  operands: readonly Tensor[],
  span: Span,
): Aligned | undefined {
  const leading = commonLeading(ctx, operands, span);
  if (leading === undefined) return undefined;
  return {
    values: operands.map((t) => spread(ctx, t, leading, featureShape(t))),
    template: leading,
  };
}

function commonLeading(
  ctx: ElaborationContext,
  operands: readonly Tensor[],
  span: Span,
): Omit<Tensor, 'value'> | undefined {
  const time = operands.find((t) => t.time !== undefined)?.time;
  for (const t of operands) {
    if (t.time !== undefined && t.time.symbol !== time?.symbol) {
      return reportTimes(ctx, operands, span);
    }
  }
  return {
    kind: 'tensor',
    batch: operands.some((t) => t.batch),
    ...(time === undefined ? {} : { time }),
    recurrent: operands.some((t) => t.recurrent === true),
    span,
  };
}

function commonFeatures(
  ctx: ElaborationContext,
  operands: readonly Tensor[],
  span: Span,
): Shape | undefined {
  let widest: Tensor | undefined;
  for (const t of operands) {
    const shape = featureShape(t);
    if (shape.length === 0) continue;
    if (widest === undefined) {
      widest = t;
      continue;
    }
    const other = featureShape(widest);
    const fits =
      shape.length === other.length &&
      shape.every((d, i) => ctx.solver.unify(d, other[i] ?? fixed(-1)));
    if (!fits) {
      return ctx.error('S4001', 'these shapes do not meet', span, {
        secondary: [gives(ctx, widest), gives(ctx, t)],
        hint: 'elementwise operations need equal widths; a dense(n) layer changes a width',
      });
    }
  }
  return widest === undefined ? [] : ctx.solver.resolveShape(featureShape(widest));
}

export function gives(ctx: ElaborationContext, t: Tensor): { span: Span; text: string } {
  return { span: t.span, text: `gives ${ctx.describe(t)}` };
}

function reportTimes(ctx: ElaborationContext, operands: readonly Tensor[], span: Span): undefined {
  return ctx.error('S4004', 'these sequences run over different times', span, {
    secondary: operands.map((t) => gives(ctx, t)),
    hint: 'reduce one to a single value with last or pool, or give both the same time symbol',
  });
}

function spread(
  ctx: ElaborationContext,
  t: Tensor,
  leading: Omit<Tensor, 'value'>,
  features: Shape,
): Value {
  const lead = [
    ...(leading.batch ? [batchDim] : []),
    ...(leading.time === undefined ? [] : [leading.time.dim]),
  ];
  const axes: number[] = [];
  if (t.batch) axes.push(0);
  if (t.time !== undefined) axes.push(lead.length - 1);
  featureShape(t).forEach((_, i) => axes.push(lead.length + i));
  const value = { id: t.value.id, type: ctx.resolveType(t.value.type) };
  return broadcast(ctx.builder, value, ctx.solver.resolveShape([...lead, ...features]), axes);
}

type Arithmetic = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '^'>;

const operations: Readonly<Record<Arithmetic, (b: Builder, x: Value, y: Value) => Value>> = {
  '+': add,
  '-': sub,
  '*': mul,
  '/': div,
  '^': pow,
};

export function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return operator in operations;
}

export function applyArithmetic(
  ctx: ElaborationContext,
  operator: Arithmetic,
  left: Tensor,
  right: Tensor,
  span: Span,
): Tensor | undefined {
  // Neither a quotient by 0 nor a root of 0 has a derivative: padding is kept away from both.
  const dividend = operator === '^' ? padWith(ctx, left, 1) : left;
  const divisor = operator === '/' ? padWith(ctx, right, 1) : right;
  const aligned = align(ctx, [dividend, divisor], span);
  const [x, y] = aligned?.values ?? [];
  if (aligned === undefined || x === undefined || y === undefined) return undefined;
  const b = ctx.builder;
  const value = b.withOrigin(ctx.origin(span), () =>
    operations[operator](b, cast(b, x, 'float'), cast(b, y, 'float')),
  );
  return { ...aligned.template, value };
}

export function negate(ctx: ElaborationContext, t: Tensor, span: Span): Tensor {
  return { ...plain(t, span), value: neg(ctx.builder, t.value) };
}

/** The same axes, without what was known of the numbers. */
export function plain(t: Tensor, span: Span): Omit<Tensor, 'value'> {
  return {
    kind: 'tensor',
    batch: t.batch,
    ...(t.time === undefined ? {} : { time: t.time }),
    ...(t.recurrent === undefined ? {} : { recurrent: t.recurrent }),
    span,
  };
}

export function scalar(ctx: ElaborationContext, value: number, span: Span): Tensor {
  return { kind: 'tensor', value: constant(ctx.builder, value), batch: false, span };
}

/** Width of the last axis; undefined for a value without features. */
export function widthOf(t: Tensor): Dim | undefined {
  return featureShape(t).at(-1);
}

/** Index of the last axis of a tensor's value. */
export function lastAxis(t: Tensor): number {
  return leadingAxes(t) + featureShape(t).length - 1;
}
