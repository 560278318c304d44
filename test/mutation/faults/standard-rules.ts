/** Faults in layers, optimizers and schedules of specs/std. */
import type { Fault } from './fault.ts';

const optimizers = 'specs/std/optimizers.gate';
const schedules = 'specs/std/schedules.gate';
const rules = ['test/unit/2-elaborate/training.test.ts', 'test/unit/3-differentiate'];

export const ruleFaults: readonly Fault[] = [
  {
    name: 'layer-norm-adds-epsilon-to-the-root',
    file: 'specs/std/layers.gate',
    find: 'sqrt(variance(x) + epsilon)',
    replace: '(sqrt(variance(x)) + epsilon)',
    tests: ['test/unit/2-elaborate/standard-layers.test.ts'],
  },
  {
    name: 'layer-norm-drops-its-bias',
    file: 'specs/std/layers.gate',
    find: 'sqrt(variance(x) + epsilon) + b\n',
    replace: 'sqrt(variance(x) + epsilon) + 0 * b\n',
    tests: ['test/unit/2-elaborate/standard-layers.test.ts'],
  },
  {
    name: 'shift-by-one-step-too-many',
    file: 'specs/std/layers.gate',
    find: 'emit x -> delay(depth = steps)',
    replace: 'emit x -> delay(depth = steps + 1)',
    tests: ['test/unit/2-elaborate/standard-layers.test.ts', 'test/unit/2-elaborate'],
  },
  {
    name: 'adam-corrects-the-bias-one-step-late',
    file: optimizers,
    find: '(1 - beta2) * d * d\n  emit w - rate / (1 - beta1 ^ k)',
    replace: '(1 - beta2) * d * d\n  emit w - rate / (1 - beta1 ^ (k + 1))',
    tests: rules,
  },
  {
    name: 'adam-second-moment-of-no-square',
    file: optimizers,
    find: 'v<t> = beta2 * v<t-1> + (1 - beta2) * d * d',
    replace: 'v<t> = beta2 * v<t-1> + (1 - beta2) * d',
    tests: rules,
  },
  {
    name: 'adamw-forgets-the-second-correction',
    file: optimizers,
    find: 'emit decayed - rate / (1 - beta1 ^ k) * m<t> / (sqrt(v<t>) / sqrt(1 - beta2 ^ k) + epsilon)',
    replace: 'emit decayed - rate / (1 - beta1 ^ k) * m<t> / (sqrt(v<t>) + epsilon)',
    tests: rules,
  },
  {
    name: 'adamw-decays-without-the-rate',
    file: optimizers,
    find: 'w - rate * weightDecay * w',
    replace: 'w - weightDecay * w',
    tests: rules,
  },
  {
    name: 'nesterov-looks-ahead-with-the-old-momentum',
    file: optimizers,
    find: 'rate * (d + momentum * m<t>)',
    replace: 'rate * (d + momentum * m<t-1>)',
    tests: rules,
  },
  {
    name: 'rmsprop-momentum-without-the-old-one',
    file: optimizers,
    find: 'm<t> = momentum * m<t-1> + d / (sqrt(v<t>) + epsilon)',
    replace: 'm<t> = momentum * m<t-1> + d / (sqrt(v<t-1>) + epsilon)',
    tests: rules,
  },
  {
    name: 'cosine-counts-the-warmup-twice',
    file: schedules,
    find: '(k - warmup) / (steps - warmup)',
    replace: 'k / (steps - warmup)',
    tests: rules,
  },
  {
    name: 'step-schedule-falls-one-step-early',
    file: schedules,
    find: 'floor((k - 1) / every)',
    replace: 'floor(k / every)',
    tests: rules,
  },
];
