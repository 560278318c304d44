/** Faults in back-propagation through time and in the training step. */
import type { Fault } from './fault.ts';

const scan = 'compiler/3-differentiate/scan.ts';
const tests = [
  'test/unit/3-differentiate',
  'test/property/model-gradients.test.ts',
  'test/property/op-scan.test.ts',
];

export const differentiateFaults: readonly Fault[] = [
  {
    name: 'initial-states-have-no-gradient',
    file: scan,
    find: '      ...scan.carries,\n',
    replace: '      ...scan.carries.map(() => undefined),\n',
    tests,
  },
  {
    name: 'final-states-give-no-cotangent',
    file: scan,
    find: 'parts.finals.map((v, i) => incoming[i] ?? filled(builder, 0, v.type.shape))',
    replace: 'parts.finals.map((v) => filled(builder, 0, v.type.shape))',
    tests,
  },
  {
    name: 'backward-scan-ignores-lengths',
    file: scan,
    find: '    lengths: parts.lengths,\n',
    replace: '    lengths: undefined,\n',
    tests,
  },
  {
    name: 'backward-scan-runs-forward',
    file: scan,
    find: 'reverse: !parts.reverse,',
    replace: 'reverse: parts.reverse,',
    tests,
  },
  {
    name: 'carries-settle-after-one-round',
    file: scan,
    find: 'return settled ? { request, body } : settle({ ...request, carries });',
    replace: 'return settled ? { request, body } : { request, body };',
    tests,
  },
  {
    name: 'weight-used-twice-in-a-step-has-its-last-gradient',
    file: scan,
    find: 'sums.add(constant.value, cotangent)',
    replace: 'sums.set(constant.value, cotangent)',
    tests,
  },
  {
    name: 'weights-used-twice-have-their-last-gradient',
    file: 'compiler/3-differentiate/cotangents.ts',
    find: 'sum === undefined ? cotangent : add(this.#builder, sum, cotangent)',
    replace: 'sum === undefined ? cotangent : cotangent',
    tests,
  },
  {
    name: 'one-value-twice-in-a-product',
    file: 'compiler/3-differentiate/stacked.ts',
    find: 'varying[i] === true && ids.has(v.id) ? reshape(builder, v, v.type.shape) : v',
    replace: 'varying[i] === true && !ids.has(v.id) ? reshape(builder, v, v.type.shape) : v',
    tests,
  },
  {
    name: 'seeds-count-past-the-lengths',
    file: 'compiler/3-differentiate/seeded-loss.ts',
    find: 'return select(b, there, sequence, constant(b, 0));',
    replace: 'return select(b, there, sequence, sequence);',
    tests: ['test/unit/2-elaborate/padding.test.ts', 'test/unit/3-differentiate'],
  },
  {
    name: 'step-norms-begin-one-step-late',
    file: 'compiler/3-differentiate/step-gradients.ts',
    find: "build.constant(b, 1, 'int'));",
    replace: "build.constant(b, 0, 'int'));",
    tests: ['test/unit/3-differentiate/step-gradients.test.ts'],
  },
  {
    name: 'clipping-raises-small-gradients',
    file: 'compiler/3-differentiate/clip.ts',
    find: 'const factor = min(b, ratio, constant(b, 1));',
    replace: 'const factor = min(b, ratio, ratio);',
    tests: ['test/unit/3-differentiate/training-step.test.ts'],
  },
  {
    name: 'clipping-by-value-on-one-side',
    file: 'compiler/3-differentiate/clip.ts',
    find: 'return max(b, min(b, gradient, constant(b, limit)), constant(b, -limit));',
    replace: 'return min(b, gradient, constant(b, limit));',
    tests: ['test/unit/3-differentiate/training-step.test.ts'],
  },
  {
    name: 'norm-of-all-is-a-sum-of-squares',
    file: 'compiler/3-differentiate/clip.ts',
    find: 'return sqrt(b, total ?? constant(b, 0));',
    replace: 'return total ?? constant(b, 0);',
    tests: ['test/unit/3-differentiate/training-step.test.ts'],
  },
  {
    name: 'second-clip-takes-the-norm-before-the-first',
    file: 'compiler/3-differentiate/training-step.ts',
    find: '    clipValue === undefined\n      ? norm\n      : globalNorm(',
    replace: '    clipNorm !== undefined\n      ? norm\n      : globalNorm(',
    tests: ['test/unit/3-differentiate/training-step.test.ts'],
  },
  {
    name: 'frozen-weights-are-trained',
    file: 'compiler/3-differentiate/training-step.ts',
    find: 'model.weights.filter(options.trainable ?? (() => true))',
    replace: 'model.weights.filter(() => true)',
    tests: ['test/unit/3-differentiate/training-step.test.ts', 'test/unit/cli-training'],
  },
];
