/** All planted faults by area, with the tests that an area asks before the rest of the suite. */
import { adoptFaults } from './adopt.ts';
import { cellFaults } from './cells.ts';
import { differentiateFaults } from './differentiate.ts';
import { elaborateFaults } from './elaborate.ts';
import type { Area, Excuse } from './fault.ts';
import { interpretFaults } from './interpret.ts';
import { opFaults } from './ops.ts';
import { planFaults } from './plan.ts';
import { runtimeFaults } from './runtime.ts';
import { scheduleFaults } from './schedule.ts';
import { simplifyFaults } from './simplify.ts';
import { ruleFaults } from './standard-rules.ts';
import { textFaults } from './text.ts';
import { trainingFaults } from './training.ts';
import { wasmFaults } from './wasm.ts';
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
  {
    name: 'WGSL and kernel functions',
    faults: wgslFaults,
    tests: [`${unit}/6-emit`, `${unit}/kernel-math`],
  },
  {
    name: 'runtime',
    faults: runtimeFaults,
    tests: [`${unit}/runtime-session`, `${unit}/runtime-wasm`, `${unit}/runtime-webgpu`],
  },
  { name: 'training', faults: trainingFaults, tests: training },
  { name: 'text and tensors', faults: textFaults, tests: training },
  { name: 'weights of PyTorch', faults: adoptFaults, tests: [`${unit}/adopt`] },
];

/** Faults that nothing finds, and why that is borne. */
export const excuses: readonly Excuse[] = [];
