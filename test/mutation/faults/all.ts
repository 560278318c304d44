/** All planted faults by area, with the tests that an area asks before the rest of the suite. */
import { adoptFaults } from './adopt.ts';
import { cellFaults } from './cells.ts';
import { differentiateFaults } from './differentiate.ts';
import { elaborateFaults } from './elaborate.ts';
import type { Area, Excuse } from './fault.ts';
import { fitFaults } from './fit.ts';
import { int8Faults } from './int8.ts';
import { interpretFaults } from './interpret.ts';
import { jsFaults } from './js.ts';
import { opFaults } from './ops.ts';
import { planFaults } from './plan.ts';
import { runtimeFaults } from './runtime.ts';
import { scheduleFaults } from './schedule.ts';
import { simplifyFaults } from './simplify.ts';
import { ruleFaults } from './standard-rules.ts';
import { textFaults } from './text.ts';
import { trainingFaults } from './training.ts';
import { wasmFaults } from './wasm.ts';
import { wasmSmallFaults } from './wasm-small.ts';
import { wgslFaults } from './wgsl.ts';

const unit = 'test/unit';
const training = [`${unit}/runtime/`, `${unit}/cli-training`];

export const areas: readonly Area[] = [
  { name: 'cells', faults: cellFaults, tests: [`${unit}/2-elaborate`, `${unit}/adopt`] },
  {
    name: 'layers, optimizers, schedules',
    faults: ruleFaults,
    tests: [`${unit}/2-elaborate`, `${unit}/3-differentiate`, 'test/learning'],
  },
  { name: 'elaboration', faults: elaborateFaults, tests: [`${unit}/2-elaborate`] },
  {
    name: 'differentiation',
    faults: differentiateFaults,
    tests: [`${unit}/3-differentiate`, 'test/learning'],
  },
  { name: 'primitives', faults: opFaults, tests: [`${unit}/ops`, `${unit}/3-differentiate`] },
  {
    name: 'interpreters',
    faults: interpretFaults,
    tests: [`${unit}/interpret`, `${unit}/ops`, `${unit}/runtime-interpreter`],
  },
  { name: 'passes', faults: simplifyFaults, tests: [`${unit}/4-simplify`] },
  { name: 'kernels', faults: scheduleFaults, tests: [`${unit}/5-schedule`] },
  { name: 'plan', faults: planFaults, tests: [`${unit}/5-schedule`] },
  { name: 'WebAssembly', faults: wasmFaults, tests: [`${unit}/6-emit`, `${unit}/runtime-wasm`] },
  { name: 'small WebAssembly', faults: wasmSmallFaults, tests: [`${unit}/6-emit`] },
  { name: 'JavaScript', faults: jsFaults, tests: [`${unit}/6-emit`, `${unit}/runtime-linear`] },
  {
    name: 'WGSL and kernel functions',
    faults: wgslFaults,
    tests: [`${unit}/6-emit`, `${unit}/kernel-math`],
  },
  {
    name: 'runtime',
    faults: runtimeFaults,
    tests: ['session', 'linear', 'wasm', 'webgpu'].map((folder) => `${unit}/runtime-${folder}`),
  },
  { name: 'training', faults: trainingFaults, tests: training },
  { name: 'bundles that learn', faults: fitFaults, tests: ['test/bundle', ...training] },
  { name: 'text and tensors', faults: textFaults, tests: training },
  { name: 'weights of 8 bits', faults: int8Faults, tests: ['test/bundle/int8.test.ts'] },
  { name: 'weights of PyTorch', faults: adoptFaults, tests: [`${unit}/adopt`] },
];

/** Faults that nothing finds, and why that is borne. */
export const excuses: readonly Excuse[] = [];

/**
 * Faults that got past the tests named for them when they were first planted: those tests have been
 * added since.
 */
export const missedAtFirst: readonly string[] = [
  'simple-gru-starts-open',
  'sum-over-time-takes-the-padding',
  'max-over-time-sees-zeros-in-the-padding',
  'directions-joined-the-other-way-round',
  'seeds-count-past-the-lengths',
  'second-clip-takes-the-norm-before-the-first',
  'concat-slices-cotangents-from-the-last-part',
  'minus-a-negative-stays-minus',
  'and-with-true-is-true',
  'minus-zero-is-shared-with-zero',
  'slice-of-a-slice-forgets-the-first',
  'reduction-leaves-out-the-last-lane',
  'contraction-skips-along-outer-axes',
  'prepared-once-though-written-again',
  'prepared-though-it-reads-an-input',
  'weights-written-in-place-while-read',
  'loops-of-different-ends-joined',
  'wasm-pointed-loop-ends-too-late',
  'threads-share-one-scratch',
  'foreign-bias-only-of-the-input',
  'foreign-gates-from-the-last-height',
  'foreign-gate-without-its-sign',
  'foreign-states-by-direction-first',
];
