/**
 * Losses, each a scalar: the mean over all valid positions of the batch (a position is valid when
 * it is within its sequence and its target is not negative). Cross entropy works on logits wherever
 * the probabilities came from softmax or sigmoid, so that it neither overflows nor loses digits.
 * Each classification loss also adds its metrics to the model.
 */
import type { Span } from '../base/source.ts';
import * as g from '../graph/build.ts';
import { fixed, fixedValue } from '../graph/dim.ts';
import type { Value } from '../graph/types.ts';
import type { GivenArgument } from './arguments.ts';
import { toTensor } from './coerce.ts';
import type { ElaborationContext } from './context.ts';
import { ctcLoss } from './ctc.ts';
import type { Environment } from './environment.ts';
import { logSoftmax } from './functions.ts';
import { lossSettings } from './loss-settings.ts';
import { align, gives, lastAxis } from './operators.ts';
import { padWith } from './padding.ts';
import { featureShape, leadingAxes, type Denotation, type Tensor } from './values.ts';

export interface LossCall {
  readonly prediction: Tensor;
  readonly target: Tensor;
  readonly settings: ReadonlyMap<string, number>;
  readonly span: Span;
}

type Loss = (ctx: ElaborationContext, call: LossCall) => Value | undefined;

const losses: Readonly<Record<string, { readonly settings: readonly string[]; loss: Loss }>> = {
  crossEntropy: { settings: ['smoothing', 'ignore'], loss: crossEntropy },
  binaryCrossEntropy: { settings: [], loss: binaryCrossEntropy },
  mse: { settings: [], loss: meanSquaredError },
  ctc: { settings: ['blank'], loss: ctc },
};

export function applyLoss(
  ctx: ElaborationContext,
  env: Environment,
  name: string,
  given: readonly GivenArgument[],
  span: Span,
): Denotation | undefined {
  const entry = losses[name];
  const [prediction, target] = given
    .filter((a) => a.name === undefined)
    .map((a) => toTensor(ctx, env, a.value));
  if (given.filter((a) => a.name === undefined).length !== 2) {
    return ctx.error('N3002', `${name} compares two values: ${name}(output, target)`, span);
  }
  const settings = lossSettings(ctx, name, entry?.settings ?? [], given);
  if (settings === undefined) return undefined;
  if (prediction === undefined || target === undefined) return undefined;
  const value = entry?.loss(ctx, { prediction, target, settings, span });
  return value && { kind: 'tensor', value, batch: false, span };
}

/**
 * -Σ q log p with q = (1 - ε) onehot(target) + ε / classes (label smoothing, Szegedy et al. 2015).
 */
function crossEntropy(ctx: ElaborationContext, call: LossCall): Value | undefined {
  const { prediction: p, target } = call;
  if (!classTargets(ctx, call)) return undefined;
  const b = ctx.builder;
  const axis = lastAxis(p);
  const logits = p.distribution?.kind === 'softmax' ? p.distribution.logits : undefined;
  const logP = logits === undefined ? logProbability(ctx, p) : logSoftmax(ctx, logits, axis);
  const ids = g.max(b, target.value, g.constant(b, 0, 'int'));
  const picked = g.gather(b, logP, ids, leadingAxes(p));
  const smoothing = call.settings.get('smoothing') ?? 0;
  let each = g.neg(b, picked);
  if (smoothing > 0) {
    const width = g.size(b, featureShape(p)[0] ?? fixed(1));
    const uniform = g.neg(b, g.div(b, g.reduceSum(b, logP, [axis]), width));
    each = g.add(
      b,
      g.mul(b, each, g.constant(b, 1 - smoothing)),
      g.mul(b, uniform, g.constant(b, smoothing)),
    );
  }
  const valid = validTargets(ctx, call);
  const right = g.equal(b, g.argMax(b, p.value), target.value);
  const count = countTrue(ctx, valid);
  const nats = sumWhere(ctx, valid, g.neg(b, picked));
  addMetric(ctx, 'accuracy', countTrue(ctx, g.and(b, valid, right)), count);
  addMetric(ctx, 'nats', nats, count);
  return meanOf(ctx, sumWhere(ctx, valid, each), count);
}

/** Without logits; nothing in the padding is taken for a probability of 0. */
function logProbability(ctx: ElaborationContext, p: Tensor): Value {
  return g.log(ctx.builder, padWith(ctx, p, 1).value);
}

function classTargets(ctx: ElaborationContext, call: LossCall): boolean {
  const { prediction: p, target, span } = call;
  const width = featureShape(p)[0];
  if (target.ids === undefined || width === undefined || featureShape(p).length !== 1) {
    ctx.error('S4008', 'cross entropy compares probabilities with classes', span, {
      secondary: [gives(ctx, p), gives(ctx, target)],
      hint: 'the first is a softmax output, the second an input of type class(n), words or characters',
    });
    return false;
  }
  if (p.time?.symbol !== target.time?.symbol || p.batch !== target.batch) {
    ctx.error('S4008', 'the output and its target run over different times', span, {
      secondary: [gives(ctx, p), gives(ctx, target)],
      hint:
        p.time !== undefined && target.time === undefined
          ? 'reduce the output to one value with last or pool(mean)'
          : 'give both the same time symbol',
    });
    return false;
  }
  if (ctx.solver.unify(width, target.ids)) return true;
  ctx.error('S4008', 'the output has not one probability for each class', span, {
    secondary: [
      { span: p.span, text: `gives ${ctx.describeDim(width)} probabilities` },
      { span: target.span, text: `has ${ctx.describeDim(target.ids)} classes` },
    ],
    hint: `end the output with softmax(${ctx.describeDim(target.ids)})`,
  });
  return false;
}

/** True where a target counts: within its sequence, not negative, not the ignored class. */
function validTargets(ctx: ElaborationContext, call: LossCall): Value {
  const b = ctx.builder;
  const { target } = call;
  const zero = g.constant(b, 0, 'int');
  let valid = g.lessEqual(b, zero, target.value);
  const ignore = call.settings.get('ignore');
  if (ignore !== undefined) {
    const ignored = g.equal(b, target.value, g.constant(b, ignore, 'int'));
    valid = g.and(b, valid, g.not(b, ignored));
  }
  const mask = target.time === undefined ? undefined : ctx.mask(target.time);
  return mask === undefined ? valid : g.and(b, valid, mask);
}

function allAxes(x: Value): number[] {
  return x.type.shape.map((_, i) => i);
}

function countTrue(ctx: ElaborationContext, mask: Value): Value {
  return g.reduceSum(ctx.builder, g.cast(ctx.builder, mask, 'float'), allAxes(mask));
}

function sumWhere(ctx: ElaborationContext, mask: Value, x: Value): Value {
  const b = ctx.builder;
  return g.reduceSum(b, g.select(b, mask, x, g.constant(b, 0)), allAxes(x));
}

/** 0 for an empty batch. */
function meanOf(ctx: ElaborationContext, sum: Value, count: Value): Value {
  const b = ctx.builder;
  return g.div(b, sum, g.max(b, count, g.constant(b, 1)));
}

function addMetric(
  ctx: ElaborationContext,
  name: 'accuracy' | 'nats',
  sum: Value,
  count: Value,
): void {
  const suffix = ctx.metrics.filter((m) => m.name === name).length;
  const key = suffix === 0 ? name : `${name}${suffix + 1}`;
  ctx.results.push({ name: `${key}/sum`, value: sum }, { name: `${key}/count`, value: count });
  ctx.metrics.push({ name, sum: `${key}/sum`, count: `${key}/count` });
}

/**
 * softplus(z) - z y on logits z; -(y log p + (1-y) log(1-p)) otherwise. Targets: floats or
 * class(2).
 */
function binaryCrossEntropy(ctx: ElaborationContext, call: LossCall): Value | undefined {
  const { span } = call;
  if (!comparesNumbers(ctx, call)) return undefined;
  const { distribution } = call.prediction;
  const onLogits = distribution?.kind === 'sigmoid';
  const p = onLogits ? call.prediction : padWith(ctx, call.prediction, 0.5);
  const target = floatTarget(ctx, p, call.target);
  // A prediction for a whole row meets each of its time steps, and so do the logits of it.
  const z = onLogits ? [{ ...p, value: distribution.logits }] : [];
  const joined = align(ctx, [p, target, ...z], span);
  const [probability, y, logits] = joined?.values ?? [];
  if (joined === undefined || probability === undefined || y === undefined) return undefined;
  const b = ctx.builder;
  const one = g.constant(b, 1);
  const each =
    logits !== undefined
      ? g.sub(b, g.softplus(b, logits), g.mul(b, logits, y))
      : g.neg(
          b,
          g.add(
            b,
            g.mul(b, y, g.log(b, probability)),
            g.mul(b, g.sub(b, one, y), g.log(b, g.sub(b, one, probability))),
          ),
        );
  const valid = g.and(
    b,
    validFloats(ctx, joined.template, each),
    g.lessEqual(b, g.constant(b, 0), y),
  );
  const right = g.equal(
    b,
    g.cast(b, g.less(b, g.constant(b, 0.5), probability), 'float'),
    g.cast(b, g.less(b, g.constant(b, 0.5), y), 'float'),
  );
  const count = countTrue(ctx, valid);
  addMetric(ctx, 'accuracy', countTrue(ctx, g.and(b, valid, right)), count);
  return meanOf(ctx, sumWhere(ctx, valid, each), count);
}

function comparesNumbers(ctx: ElaborationContext, { prediction, span }: LossCall): boolean {
  if (prediction.value.type.dtype === 'float') return true;
  ctx.error('S4006', 'this loss compares numbers, and these are ids', span, {
    secondary: [gives(ctx, prediction)],
    hint: 'the first is an output of the model; embed(n) or oneHot turns ids into vectors',
  });
  return false;
}

/** Class targets become numbers; a prediction of width 1 meets a target without features. */
function floatTarget(ctx: ElaborationContext, p: Tensor, target: Tensor): Tensor {
  const b = ctx.builder;
  const value = g.cast(b, target.value, 'float');
  const { ids: _, ...rest } = target;
  const width = featureShape(p);
  if (width.length !== 1 || featureShape(target).length !== 0) return { ...rest, value };
  const shape = [...ctx.solver.resolveShape(value.type.shape), fixed(1)];
  return { ...rest, value: g.reshape(b, value, shape) };
}

function validFloats(ctx: ElaborationContext, template: Omit<Tensor, 'value'>, like: Value): Value {
  const b = ctx.builder;
  const mask = template.time === undefined ? undefined : ctx.mask(template.time);
  const yes = g.equal(b, g.constant(b, 0), g.constant(b, 0));
  if (mask === undefined) return g.broadcastTo(b, yes, like.type.shape);
  return g.broadcast(b, mask, like.type.shape, [0, 1]);
}

/** Mean of (p - y)² over all numbers of the valid positions. */
function meanSquaredError(ctx: ElaborationContext, call: LossCall): Value | undefined {
  if (!comparesNumbers(ctx, call)) return undefined;
  const target = floatTarget(ctx, call.prediction, call.target);
  const joined = align(ctx, [call.prediction, target], call.span);
  const [p, y] = joined?.values ?? [];
  if (joined === undefined || p === undefined || y === undefined) return undefined;
  const b = ctx.builder;
  const difference = g.sub(b, p, y);
  const each = g.mul(b, difference, difference);
  const valid = validFloats(ctx, joined.template, each);
  return meanOf(ctx, sumWhere(ctx, valid, each), countTrue(ctx, valid));
}

function ctc(ctx: ElaborationContext, call: LossCall): Value | undefined {
  const { prediction: p, target, span } = call;
  const width = featureShape(p)[0];
  const blank = call.settings.get('blank') ?? 0;
  if (p.time === undefined || target.time === undefined || target.ids === undefined) {
    return ctx.error('S4008', 'CTC compares a sequence of probabilities with one of labels', span, {
      secondary: [gives(ctx, p), gives(ctx, target)],
      hint: 'declare the labels with a time of their own: input label: class(n)[S]',
    });
  }
  if (width === undefined || !ctx.solver.unify(width, target.ids)) {
    return ctx.error('S4008', 'the output has not one probability for each class', span, {
      secondary: [gives(ctx, p), gives(ctx, target)],
      hint: 'one of the classes is the blank (0 unless blank = k)',
    });
  }
  const classes = fixedValue(ctx.solver.resolve(width));
  if (classes !== undefined && blank >= classes) {
    return ctx.error('N3005', `blank is one of the ${classes} classes, not ${blank}`, span);
  }
  const b = ctx.builder;
  const logits = p.distribution?.kind === 'softmax' ? p.distribution.logits : undefined;
  const logP = logits === undefined ? logProbability(ctx, p) : logSoftmax(ctx, logits, lastAxis(p));
  const each = ctcLoss(ctx, {
    logP,
    time: p.time,
    labels: target.value,
    labelTime: target.time,
    blank,
  });
  const rows = g.reduceSum(b, g.broadcastTo(b, g.constant(b, 1), each.type.shape), [0]);
  return meanOf(ctx, g.reduceSum(b, each, [0]), rows);
}
