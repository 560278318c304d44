/** Faults in what a spec means: layers over time, losses, combinators. */
import type { Fault } from './fault.ts';

const functions = 'compiler/2-elaborate/functions.ts';
const losses = 'compiler/2-elaborate/losses.ts';
const ofLayers = [
  'test/unit/2-elaborate/standard-layers.test.ts',
  'test/unit/2-elaborate/padding.test.ts',
];
const ofLosses = ['test/unit/2-elaborate/losses.test.ts', 'test/unit/2-elaborate/padding.test.ts'];

export const elaborateFaults: readonly Fault[] = [
  {
    name: 'mean-over-time-ignores-lengths',
    file: functions,
    find: "const count = g.max(b, g.cast(b, time.lengths, 'float'), g.constant(b, 1));",
    replace: 'const count = g.broadcastTo(b, g.size(b, time.dim), [batchDim]);',
    tests: ofLayers,
  },
  {
    name: 'sum-over-time-takes-the-padding',
    file: functions,
    find: 'const kept = mask === undefined ? x : g.select(b, mask, x, g.constant(b, 0));',
    replace: 'const kept = mask === undefined ? x : x;',
    tests: ofLayers,
  },
  {
    name: 'max-over-time-sees-zeros-in-the-padding',
    file: functions,
    find: 'g.select(b, mask, x, g.constant(b, -Infinity))',
    replace: 'g.select(b, mask, x, g.constant(b, 0))',
    tests: ofLayers,
  },
  {
    name: 'last-step-is-the-one-after',
    file: functions,
    find: "g.add(b, g.iota(b, time.dim), g.constant(b, 1, 'int'))",
    replace: "g.add(b, g.iota(b, time.dim), g.constant(b, 0, 'int'))",
    tests: ofLayers,
  },
  {
    name: 'missing-tokens-have-the-first-vector',
    file: functions,
    find: 'if (ids.sparse !== true) return vectors;',
    replace: 'if (ids.sparse !== true || ids.batch) return vectors;',
    tests: ofLayers,
  },
  {
    name: 'dropout-does-not-scale',
    file: functions,
    find: 'g.constant(b, 1 / (1 - rate.value))',
    replace: 'g.constant(b, 1)',
    tests: ['test/property/model-dropout.test.ts', 'test/unit/2-elaborate'],
  },
  {
    name: 'variational-dropout-draws-at-each-step',
    file: functions,
    find: "const once = word === 'true' && x.time !== undefined;",
    replace: "const once = word === 'false' && x.time !== undefined;",
    tests: ['test/property/model-dropout.test.ts', 'test/unit/2-elaborate'],
  },
  {
    name: 'softmax-overflows',
    file: functions,
    find: 'g.sub(b, x, spread(g.stopGradient(b, g.reduceMax(b, x, [axis]))))',
    replace: 'x',
    tests: ofLosses,
  },
  {
    name: 'variance-of-the-sample',
    file: functions,
    find: 'return meanLast(ctx, g.mul(b, deviation, deviation), axis, width);',
    replace:
      'return g.div(b, g.reduceSum(b, g.mul(b, deviation, deviation), [axis]), g.sub(b, g.size(b, width), g.constant(b, 1)));',
    tests: ofLayers,
  },
  {
    name: 'smoothing-keeps-the-whole-target',
    file: losses,
    find: 'g.mul(b, each, g.constant(b, 1 - smoothing))',
    replace: 'g.mul(b, each, g.constant(b, 1))',
    tests: ofLosses,
  },
  {
    name: 'mean-over-no-target-is-nan',
    file: losses,
    find: 'return g.div(b, sum, g.max(b, count, g.constant(b, 1)));',
    replace: 'return g.div(b, sum, count);',
    tests: ofLosses,
  },
  {
    name: 'targets-count-in-the-padding',
    file: losses,
    find: 'return mask === undefined ? valid : g.and(b, valid, mask);',
    replace: 'return mask === undefined ? valid : valid;',
    tests: ofLosses,
  },
  {
    name: 'ignored-class-counts',
    file: losses,
    find: 'valid = g.and(b, valid, g.not(b, ignored));',
    replace: 'valid = g.and(b, valid, g.lessEqual(b, zero, target.value));',
    tests: ofLosses,
  },
  {
    name: 'binary-cross-entropy-of-the-other-class',
    file: losses,
    find: 'g.softplus(b, logits)',
    replace: 'g.softplus(b, g.neg(b, logits))',
    tests: ofLosses,
  },
  {
    name: 'mse-counts-the-padding',
    file: losses,
    find: 'return meanOf(ctx, sumWhere(ctx, valid, each), countTrue(ctx, valid));',
    replace: 'return meanOf(ctx, g.reduceSum(b, each, allAxes(each)), countTrue(ctx, valid));',
    tests: ofLosses,
  },
  {
    name: 'ctc-skips-the-blank-between-equal-labels',
    file: 'compiler/2-elaborate/ctc.ts',
    find: 'return g.and(b, label, g.not(b, g.equal(b, extended, two)));',
    replace: 'return g.and(b, label, label);',
    tests: ['test/unit/2-elaborate/ctc.test.ts'],
  },
  {
    name: 'ctc-shift-begins-one-late',
    file: 'compiler/2-elaborate/ctc.ts',
    find: "const inside = g.lessEqual(b, g.constant(b, n, 'int'), index);",
    replace: "const inside = g.less(b, g.constant(b, n, 'int'), index);",
    tests: ['test/unit/2-elaborate/ctc.test.ts'],
  },
  {
    name: 'both-directions-are-forward',
    file: 'compiler/2-elaborate/combinators.ts',
    find: "one(opposite(at.direction), 'reverse')",
    replace: "one(at.direction, 'reverse')",
    tests: ['test/unit/2-elaborate/models.test.ts', 'test/property/model-directions.test.ts'],
  },
  {
    name: 'directions-joined-the-other-way-round',
    file: 'compiler/2-elaborate/combinators.ts',
    find: 'joinFeatures(ctx, [forward, reverse], call)',
    replace: 'joinFeatures(ctx, [reverse, forward], call)',
    tests: ofLayers,
  },
  {
    name: 'residual-adds-its-output-twice',
    file: 'compiler/2-elaborate/combinators.ts',
    find: "applyArithmetic(ctx, '+', input, output, call.span)",
    replace: "applyArithmetic(ctx, '+', output, output, call.span)",
    tests: ofLayers,
  },
  {
    name: 'ids-enter-a-cell-as-they-are',
    file: 'compiler/2-elaborate/cell-scan.ts',
    find: 'return { ...input, value: g.add(ctx.builder, input.value, one) };',
    replace: 'return { ...input, value: g.mul(ctx.builder, input.value, one) };',
    tests: ofLayers,
  },
  {
    name: 'inputs-keep-what-stands-in-their-padding',
    file: 'compiler/2-elaborate/padding.ts',
    find: 'return { ...t, value: g.select(b, spread, value, padding) };',
    replace: 'return { ...t, value: g.select(b, spread, value, value) };',
    tests: ['test/unit/2-elaborate/padding.test.ts', 'test/property/model-laws.test.ts'],
  },
];
