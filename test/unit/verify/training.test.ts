/** Training as a check: how it is drawn, what it falls for, and what it rightly lets pass. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judged, type Room } from '../../../compiler/verify/accuracy.ts';
import { floats, type Arrays } from '../../../compiler/verify/arrays.ts';
import { CasePoint } from '../../../compiler/verify/case-point.ts';
import { mapped } from '../../../compiler/verify/batches.ts';
import { allChecks } from '../../../compiler/verify/checks/all.ts';
import type { Backend, CheckResult } from '../../../compiler/verify/checks/check.ts';
import { backendOf, localOracle } from '../../../compiler/verify/local-backends.ts';
import type { GraphRunner } from '../../../compiler/verify/runner.ts';
import { kernelRunner } from '../../../compiler/verify/runners/kernel-runner.ts';
import {
  describeTraining,
  trainingArbitrary,
  type TrainingDraw,
} from '../../../compiler/verify/training/draw.ts';
import { stepReferences } from '../../../compiler/verify/training/references.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import { changed, plainTraining, spoiltBackend, subjectOf } from '../../support/verify-subjects.ts';

const oracle = localOracle();
const plain: TrainingDraw = { ...plainTraining, own: false, steps: 3 };

function pointOf(text: string, training: Partial<TrainingDraw> = {}): CasePoint {
  const data: CaseData = {
    ...{ seed: 5, time: 3, lengths: [3, 2, 0], widths: [2, 3, 1], weightScale: 1 },
    ...{ numbers: 'ordinary', states: true, training: { ...plain, ...training } },
  };
  return new CasePoint(subjectOf(text), data, oracle);
}

async function tried(name: string, point: CasePoint, backend: Backend): Promise<CheckResult> {
  const check = allChecks.find((c) => c.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  expect(check.suits(point.subject, backend)).toBe(true);
  expect(check.takes(point.data)).toBe(true);
  return check.run(point, backend);
}

const right = spoiltBackend('right', (r) => r);
const isNext = (name: string): boolean => /^next\/lstm\.\w+$/.test(name);

/** The norm takes out whatever `lift` adds: its weights have no gradient but for rounding. */
const illConditioned = `
  layer lift() { weight W: [2, width(x)] q = W[x] + b emit x + mean(q) }
  model m {
    input x: float[T, 3]
    output y = x -> lift -> layerNorm -> dense(2)
  }`;

describe('a training step', () => {
  it.each([
    ['a pipeline', 'lstm(2)', {}],
    ['clipping', 'gru(2) -> softmax(3)', { clipNorm: 0.05, clipValue: 0.02 }],
    ['recomputed residuals', 'rnn(2)', { residuals: 'recompute', carries: false }],
    ['dropout and a loss', classifier('dropout(0.5) -> '), { own: true }],
  ] as const)('of %s holds for a backend that is right', async (_, text, how) => {
    const { wrong, worst, multiples } = await tried('training steps', pointOf(text, how), right);
    expect(wrong).toEqual([]);
    expect(worst).toBeLessThanOrEqual(1);
    expect(multiples.length).toBeGreaterThan(10);
  });

  it.each([
    ['a weight', /^next\/lstm\.Wc$/, 1.001],
    ['a state of the optimizer', /^next\/optimizer\/lstm\.Wc\/v$/, 1.001],
    ['the norm', /^gradientNorm$/, 1.001],
    ['the rate', /^rate$/, 1.001],
  ] as const)('falls where %s is off', async (_, name, factor) => {
    const wrong = spoiltBackend('wrong', (r) =>
      changed(
        r,
        (n) => name.test(n),
        (x) => x * factor,
      ),
    );
    const result = await tried('training steps', pointOf('lstm(2)'), wrong);
    expect(result.wrong[0]).toMatch(/^step 1: /);
    expect(result.worst).toBeGreaterThan(1);
  });

  it('falls where a bias is corrected wrongly, from the second step on', async () => {
    const wrong = spoiltBackend('wrong', (r, { inputs }) => {
      const late = (inputs.get('step')?.data[0] ?? 0) > 1;
      return changed(r, isNext, (x) => (late ? x * 1.001 : x));
    });
    const result = await tried('training steps', pointOf('lstm(2)'), wrong);
    expect(result.wrong[0]).toMatch(/^step 2: /);
  });

  it('allows what rounding makes of a gradient that is 0, and there alone', async () => {
    const how = { optimizer: 'adam(rate = 0.1)', steps: 1 };
    const point = pointOf(illConditioned, how);
    const [first] = await point.steps();
    const free = first?.rooms.get('next/lift.b');
    // The update is anything from -rate to rate.
    expect(free?.spread?.[0]).toBeGreaterThan(0.05);
    const flipped = (by: number): Backend =>
      spoiltBackend('sign', (r) =>
        changed(
          r,
          (n) => n === 'next/lift.b',
          (x) => x + by,
        ),
      );
    expect((await tried('training steps', point, flipped(0.03))).wrong).toEqual([]);
    expect((await tried('training steps', point, flipped(0.3))).wrong).not.toEqual([]);
    // The others are as well conditioned as ever.
    const spread = first?.rooms.get('next/dense.W')?.spread ?? [1];
    expect(Math.max(...spread)).toBeLessThan(1e-3);
  });

  it('ends where numbers leave f32', async () => {
    const steps = await pointOf('rnn(2, activation = relu)', {
      optimizer: 'sgd(rate = 1e25)',
      steps: 4,
    }).steps();
    expect(steps.length).toBeLessThan(4);
  });
});

describe('steps in a row', () => {
  const kernels = kernelRunner({ device: 'simd' });

  it('are the steps by hand, on a program that keeps its parameters', async () => {
    for (const carries of [false, true]) {
      const result = await tried(
        'steps in a row',
        pointOf('lstm(2)', { carries }),
        backendOf(kernels),
      );
      expect(result.wrong).toEqual([]);
      expect(result.multiples.length).toBeGreaterThan(20);
    }
  });

  it('fall where a kept parameter is not what was computed', async () => {
    const forgetful: GraphRunner = {
      ...kernels,
      runSteps: async (job) =>
        mapped((await kernels.runSteps?.(job)) ?? new Map(), (array, name) =>
          name.startsWith('step 3: next/optimizer')
            ? { ...array, data: Float64Array.from(array.data, (x) => x * (1 + 1e-7)) }
            : array,
        ),
    };
    const result = await tried('steps in a row', pointOf('lstm(2)'), backendOf(forgetful));
    expect(result.wrong[0]).toMatch(/^step 3: next\/optimizer/);
  });

  it('are those of one thread', async () => {
    const one = kernelRunner({ device: 'simd' });
    const point = pointOf('lstm(2)');
    const same = backendOf(kernels, { twin: one });
    expect((await tried('steps on threads', point, same)).wrong).toEqual([]);
    const other: GraphRunner = {
      ...one,
      runSteps: async (job) =>
        changed(
          (await one.runSteps?.(job)) ?? new Map(),
          (n) => n === 'step 1: loss',
          (x) => x + 1e-9,
        ),
    };
    const apart = await tried('steps on threads', point, backendOf(other, { twin: one }));
    expect(apart.wrong).not.toEqual([]);
  });
});

describe('how a case trains', () => {
  const draws = fc.sample(trainingArbitrary(4), { seed: 1, numRuns: 500 });

  it.each([
    'sgd(',
    'adam(',
    'adamw(',
    'rmsprop(',
    'nesterov',
    'weightDecay',
    'epsilon',
    'cosine(',
    'step(',
    'warmup(',
  ])('has %s often', (word) => {
    expect(draws.filter((d) => d.optimizer.includes(word)).length).toBeGreaterThan(40);
  });

  it('clips by norm, by value and by both, and may recompute', () => {
    const count = (is: (draw: TrainingDraw) => boolean): number => draws.filter(is).length;
    expect(count((d) => d.clipNorm !== undefined && d.clipValue === undefined)).toBeGreaterThan(50);
    expect(count((d) => d.clipNorm === undefined && d.clipValue !== undefined)).toBeGreaterThan(50);
    expect(count((d) => d.clipNorm !== undefined && d.clipValue !== undefined)).toBeGreaterThan(50);
    expect(count((d) => d.residuals === 'recompute')).toBeGreaterThan(50);
    expect(count((d) => d.steps >= 2)).toBeGreaterThan(250);
  });

  it('is an optimizer that there is, and trains', () => {
    fc.assert(
      fc.property(trainingArbitrary(4), (training) => {
        const { graph, feeds } = pointOf('rnn(1)', { ...training }).graph('training', 'kernels');
        expect(graph.results.length).toBeGreaterThan(5);
        expect(feeds?.size).toBeGreaterThan(0);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('shrinks to a step of plain gradient descent', () => {
    const { counterexample } = fc.check(
      fc.property(trainingArbitrary(4), () => false),
      { seed: 3 },
    );
    expect(counterexample).toEqual([
      { own: false, optimizer: 'sgd(rate = 0.1)', residuals: 'store', carries: false, steps: 1 },
    ]);
  });

  it('is told in words', () => {
    const draw: TrainingDraw = { ...plain, clipNorm: 1, carries: false, steps: 1 };
    expect(describeTraining(draw)).toBe('adam(rate = 0.01), clipNorm = 1: 1 step');
    expect(describeTraining({ ...draw, own: true, steps: 2 })).toBe('what the spec says: 2 steps');
  });
});

function classifier(layers: string): string {
  return `model m {
    input x: float[T, 2]
    input label: class(3)[T]
    output y = x -> lstm(2) -> ${layers}softmax(3)
    loss crossEntropy(y, label)
    train rmsprop(rate = 0.01, momentum = 0.5, weightDecay = 0.01), clipNorm = 1
  }`;
}

it('an update that leaves the numbers excuses nothing', async () => {
  const one = (x: number): Arrays => new Map([['next/w', floats([1], [x])]]);
  const found = new Map([...one(1), ['d/w', floats([1], [0.5])] as const]);
  const [step] = await stepReferences(
    {
      inputs: () => new Map(),
      feeds: new Map(),
      exact: () => Promise.resolve(found),
      rounded: () => Promise.resolve([found]),
      // Steep without end next to the gradient.
      update: (inputs) => Promise.resolve(one(inputs.get('d/w')?.data[0] === 0.5 ? 1 : Infinity)),
    },
    1,
  );
  const [judgement] = judged(one(5), step?.rooms ?? new Map<string, Room>());
  expect(judgement?.wrong).toMatch(/^next\/w is off by 4/);
});
