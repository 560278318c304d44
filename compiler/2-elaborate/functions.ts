/**
 * The functions of the language that are not elementwise: over features (`softmax`, `mean`), over
 * time (`lastStep`, `meanOverTime`), on ids (`lookup`, `oneHot`), and `dropoutOf`. Layers under
 * specs/std are written with them. Sequences are reduced within their lengths only.
 */
import type { Span } from '../base/source.ts';
import * as g from '../graph/build.ts';
import { fixed, type Dim, type Shape } from '../graph/dim.ts';
import type { Value } from '../graph/types.ts';
import { batchDim, type ElaborationContext } from './context.ts';
import { gives, lastAxis, plain, widthOf } from './operators.ts';
import { featureShape, type Denotation, type Tensor, type TimeAxis } from './values.ts';

export interface FunctionCall {
  readonly tensors: readonly Tensor[];
  /** Every positional argument, tensors included. */
  readonly all: readonly Denotation[];
  readonly named: ReadonlyMap<string, Denotation>;
  readonly span: Span;
}

type TensorFunction = (
  ctx: ElaborationContext,
  x: Tensor,
  call: FunctionCall,
) => Denotation | undefined;

export const tensorFunctions: Readonly<Record<string, TensorFunction>> = {
  softmax: (ctx, x, call) => softmax(ctx, x, call.span),
  logSoftmax: (ctx, x, call) =>
    overFeatures(ctx, x, call.span, () => ({
      ...plain(x, call.span),
      value: logSoftmax(ctx, x.value, lastAxis(x)),
    })),
  sum: (ctx, x, call) => reduce(ctx, x, call.span, sumLast),
  mean: (ctx, x, call) => reduce(ctx, x, call.span, meanLast),
  variance: (ctx, x, call) => reduce(ctx, x, call.span, varianceLast),
  width: (ctx, x, call) => widthFunction(ctx, x, call.span),
  lookup: (ctx, x, call) => lookup(ctx, x, call),
  oneHot: (ctx, x, call) => oneHot(ctx, x, call),
  lastStep: (ctx, x, call) => overTime(ctx, x, call.span, lastStep),
  meanOverTime: (ctx, x, call) => overTime(ctx, x, call.span, meanOverTime),
  sumOverTime: (ctx, x, call) => overTime(ctx, x, call.span, sumOverTime),
  maxOverTime: (ctx, x, call) => overTime(ctx, x, call.span, maxOverTime),
  reverseTime: (ctx, x, call) => reverseTime(ctx, x, call.span),
  dropoutOf: (ctx, x, call) => dropout(ctx, x, call),
};

function overFeatures(
  ctx: ElaborationContext,
  x: Tensor,
  span: Span,
  body: () => Tensor,
): Tensor | undefined {
  if (featureShape(x).length > 0 && x.value.type.dtype === 'float') return body();
  return ctx.error('S4006', 'this needs a feature axis', span, {
    secondary: [gives(ctx, x)],
    hint:
      x.ids === undefined
        ? 'there is only one number at each position'
        : 'these are ids: embed(n) or oneHot turns them into vectors',
  });
}

function softmax(ctx: ElaborationContext, x: Tensor, span: Span): Tensor | undefined {
  return overFeatures(ctx, x, span, () => {
    const b = ctx.builder;
    const value = g.exp(b, logSoftmax(ctx, x.value, lastAxis(x)));
    return {
      ...plain(x, span),
      value,
      distribution: { kind: 'softmax', logits: x.value },
    };
  });
}

/** x - max - log Σ exp(x - max), along one axis. */
export function logSoftmax(ctx: ElaborationContext, x: Value, axis: number): Value {
  const b = ctx.builder;
  const shape = ctx.solver.resolveShape(x.type.shape);
  const others = shape.map((_, i) => i).filter((i) => i !== axis);
  const spread = (v: Value): Value => g.broadcast(b, v, shape, others);
  const shifted = g.sub(b, x, spread(g.stopGradient(b, g.reduceMax(b, x, [axis]))));
  return g.sub(b, shifted, spread(g.log(b, g.reduceSum(b, g.exp(b, shifted), [axis]))));
}

type Reduction = (ctx: ElaborationContext, x: Value, axis: number, width: Dim) => Value;

const sumLast: Reduction = (ctx, x, axis) => g.reduceSum(ctx.builder, x, [axis]);

const meanLast: Reduction = (ctx, x, axis, width) => {
  const b = ctx.builder;
  return g.div(b, g.reduceSum(b, x, [axis]), g.size(b, width));
};

const varianceLast: Reduction = (ctx, x, axis, width) => {
  const b = ctx.builder;
  const shape = ctx.solver.resolveShape(x.type.shape);
  const others = shape.map((_, i) => i).filter((i) => i !== axis);
  const mean = g.broadcast(b, meanLast(ctx, x, axis, width), shape, others);
  const deviation = g.sub(b, x, mean);
  return meanLast(ctx, g.mul(b, deviation, deviation), axis, width);
};

function reduce(
  ctx: ElaborationContext,
  x: Tensor,
  span: Span,
  body: Reduction,
): Tensor | undefined {
  return overFeatures(ctx, x, span, () => ({
    ...plain(x, span),
    value: body(ctx, x.value, lastAxis(x), widthOf(x) ?? fixed(1)),
  }));
}

function widthFunction(ctx: ElaborationContext, x: Tensor, span: Span): Denotation | undefined {
  const width = x.ids ?? widthOf(x);
  if (width === undefined) {
    return ctx.error('S4006', 'this has no width', span, { secondary: [gives(ctx, x)] });
  }
  return { kind: 'dim', dim: ctx.solver.resolve(width), span };
}

/** Rows of a table [rows, n] by id; a missing token (-1) gives zeros. */
function lookup(ctx: ElaborationContext, table: Tensor, call: FunctionCall): Tensor | undefined {
  const ids = call.tensors[1];
  if (ids?.ids === undefined) {
    return ctx.error('S4006', 'this needs ids', call.span, {
      ...(ids === undefined ? {} : { secondary: [gives(ctx, ids)] }),
      hint: 'declare the input as words(n)[T], characters(n)[T] or ids(n)[T]',
    });
  }
  const rows = table.value.type.shape[0] ?? fixed(0);
  if (!ctx.solver.unify(rows, ids.ids)) {
    return ctx.error('S4001', 'the table has not one row for each id', call.span, {
      secondary: [
        { span: table.span, text: `has ${ctx.describeDim(rows)} rows` },
        { span: ids.span, text: `has ids below ${ctx.describeDim(ids.ids)}` },
      ],
    });
  }
  const b = ctx.builder;
  const known = ids.sparse === true ? g.max(b, ids.value, zeroId(ctx)) : ids.value;
  const found = g.gather(b, table.value, known);
  return { ...plain(ids, call.span), value: withoutMissing(ctx, ids, found) };
}

function zeroId(ctx: ElaborationContext): Value {
  return g.constant(ctx.builder, 0, 'int');
}

function withoutMissing(ctx: ElaborationContext, ids: Tensor, vectors: Value): Value {
  if (ids.sparse !== true) return vectors;
  const b = ctx.builder;
  const there = g.lessEqual(b, zeroId(ctx), ids.value);
  const axes = there.type.shape.map((_, i) => i);
  return g.select(b, g.broadcast(b, there, vectors.type.shape, axes), vectors, g.constant(b, 0));
}

function oneHot(ctx: ElaborationContext, x: Tensor, call: FunctionCall): Tensor | undefined {
  if (x.ids === undefined) {
    return ctx.error('S4006', 'this needs ids', call.span, { secondary: [gives(ctx, x)] });
  }
  const b = ctx.builder;
  const size = ctx.solver.resolve(x.ids);
  const shape: Shape = [...ctx.solver.resolveShape(x.value.type.shape), size];
  const axes = x.value.type.shape.map((_, i) => i);
  const spread = g.broadcast(b, x.value, shape, axes);
  const classes = g.broadcast(b, g.iota(b, size), shape, [shape.length - 1]);
  return { ...plain(x, call.span), value: g.cast(b, g.equal(b, spread, classes), 'float') };
}

type TimeFunction = (ctx: ElaborationContext, x: Value, time: TimeAxis) => Value;

function overTime(
  ctx: ElaborationContext,
  x: Tensor,
  span: Span,
  body: TimeFunction,
): Tensor | undefined {
  if (x.time === undefined) {
    return ctx.error('S4002', 'this needs a sequence', span, {
      secondary: [gives(ctx, x)],
      hint: 'only values with a time axis can be reduced over time',
    });
  }
  if (x.value.type.dtype !== 'float') {
    return ctx.error('S4006', 'this needs numbers, not ids', span, { secondary: [gives(ctx, x)] });
  }
  const value = body(ctx, { id: x.value.id, type: ctx.resolveType(x.value.type) }, x.time);
  const { time: _, ...rest } = plain(x, span);
  return { ...rest, value };
}

/** The mask spread over the features of `x` [B, T, …]. */
function maskLike(ctx: ElaborationContext, x: Value, time: TimeAxis): Value | undefined {
  const mask = ctx.mask(time);
  return mask && g.broadcast(ctx.builder, mask, x.type.shape, [0, 1]);
}

/** A sum of which one term is there, so that a batch may be without time steps altogether. */
const lastStep: TimeFunction = (ctx, x, time) => {
  const b = ctx.builder;
  const lengths =
    time.lengths ?? g.broadcastTo(b, g.cast(b, g.size(b, time.dim), 'int'), [batchDim]);
  const { shape } = x.type;
  const next = g.add(b, g.iota(b, time.dim), g.constant(b, 1, 'int'));
  const isLast = g.equal(b, g.broadcast(b, next, shape, [1]), g.broadcast(b, lengths, shape, [0]));
  return g.reduceSum(b, g.select(b, isLast, x, g.constant(b, 0)), [1]);
};

const sumOverTime: TimeFunction = (ctx, x, time) => {
  const b = ctx.builder;
  const mask = maskLike(ctx, x, time);
  const kept = mask === undefined ? x : g.select(b, mask, x, g.constant(b, 0));
  return g.reduceSum(b, kept, [1]);
};

const meanOverTime: TimeFunction = (ctx, x, time) => {
  const b = ctx.builder;
  const sum = sumOverTime(ctx, x, time);
  if (time.lengths === undefined) return g.div(b, sum, g.size(b, time.dim));
  const count = g.max(b, g.cast(b, time.lengths, 'float'), g.constant(b, 1));
  return g.div(b, sum, g.broadcast(b, count, sum.type.shape, [0]));
};

/** The largest within the length; 0 for an empty sequence. */
const maxOverTime: TimeFunction = (ctx, x, time) => {
  const b = ctx.builder;
  const mask = maskLike(ctx, x, time);
  const kept = mask === undefined ? x : g.select(b, mask, x, g.constant(b, -Infinity));
  const largest = g.reduceMax(b, kept, [1]);
  if (time.lengths === undefined) return largest;
  const there = g.less(b, zeroId(ctx), time.lengths);
  const spread = g.broadcast(b, there, largest.type.shape, [0]);
  return g.select(b, spread, largest, g.constant(b, 0));
};

function reverseTime(ctx: ElaborationContext, x: Tensor, span: Span): Tensor | undefined {
  if (x.time === undefined) {
    return ctx.error('S4002', 'this needs a sequence', span, { secondary: [gives(ctx, x)] });
  }
  const b = ctx.builder;
  const lengths =
    x.time.lengths ?? g.broadcastTo(b, g.cast(b, g.size(b, x.time.dim), 'int'), [batchDim]);
  const reversed = (value: Value): Value => g.reverse(b, value, lengths);
  const { distribution } = x;
  return {
    ...x,
    value: reversed(x.value),
    ...(distribution && {
      distribution: { ...distribution, logits: reversed(distribution.logits) },
    }),
    span,
  };
}

/**
 * Inverted dropout: a number is kept with probability 1 - rate and then divided by it.
 * `variational` draws one mask for all time steps (Gal & Ghahramani 2016). The identity outside
 * training.
 */
function dropout(ctx: ElaborationContext, x: Tensor, call: FunctionCall): Tensor | undefined {
  const rate = call.all[1];
  const variational = call.all[2];
  if (rate?.kind !== 'number' || rate.value < 0 || rate.value >= 1) {
    return ctx.error(
      'N3005',
      'a dropout rate is a number from 0 up to, not including, 1',
      call.span,
    );
  }
  const word = variational?.kind === 'word' ? variational.text : undefined;
  if (variational !== undefined && word !== 'true' && word !== 'false') {
    return ctx.error('N3005', 'variational is true or false', call.span);
  }
  if (x.value.type.dtype !== 'float') {
    return ctx.error('S4006', 'dropout takes numbers, not ids', call.span, {
      secondary: [gives(ctx, x)],
      hint: 'put it after embed(n) or oneHot',
    });
  }
  if (ctx.region.imports !== undefined || ctx.region.rule === true) {
    return ctx.error('N3014', 'dropout does not stand inside a cell', call.span, {
      hint: 'put dropout(rate) before or after the recurrent layer',
    });
  }
  if (!ctx.training || rate.value === 0) return { ...x, span: call.span };
  const b = ctx.builder;
  const { key, site } = ctx.randomSite();
  const shape = ctx.solver.resolveShape(x.value.type.shape);
  const once = word === 'true' && x.time !== undefined;
  const axes = shape.map((_, i) => i).filter((i) => !(once && i === 1));
  const drawn = g.random(
    b,
    key,
    axes.map((i) => shape[i] ?? fixed(1)),
    site,
  );
  const kept = g.lessEqual(b, g.constant(b, rate.value), drawn);
  const scaled = g.mul(b, x.value, g.constant(b, 1 / (1 - rate.value)));
  const mask = g.broadcast(b, kept, shape, axes);
  return { ...plain(x, call.span), value: g.select(b, mask, scaled, g.constant(b, 0)) };
}
