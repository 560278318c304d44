/** Each check holds for a backend that is right, and falls for one that breaks what it says. */
import { describe, expect, it } from 'vitest';
import { CasePoint } from '../../../compiler/verify/case-point.ts';
import { allChecks } from '../../../compiler/verify/checks/all.ts';
import type { Backend, CheckResult } from '../../../compiler/verify/checks/check.ts';
import { backendOf, localOracle } from '../../../compiler/verify/local-backends.ts';
import type { GraphJob } from '../../../compiler/verify/runner.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import {
  changed,
  plainTraining,
  spoiltBackend,
  subjectOf,
  type Spoil,
} from '../../support/verify-subjects.ts';

const oracle = localOracle();
const data: CaseData = {
  ...{ seed: 5, time: 3, lengths: [3, 2, 0], widths: [2, 3, 1], weightScale: 1 },
  ...{ numbers: 'ordinary', states: true, training: plainTraining },
};

const isY = (name: string): boolean => name === 'y';
const isGradient = (name: string): boolean => name.startsWith('d/') && name.endsWith('.Wc');

let runs = 0;

/** What is wrong, and what falls for it; the model is an lstm unless said. */
const faults: readonly (readonly [name: string, spoil: Spoil, text?: string])[] = [
  ['values', (r) => changed(r, isY, (x) => x * 1.01)],
  ['gradients', (r) => changed(r, isGradient, (x) => x * 1.01)],
  ['NaN and infinity', (r) => changed(r, isY, (x) => (Number.isFinite(x) ? x : 0))],
  [
    'padding',
    (r, { bindings }) => changed(r, isY, (x) => x * (1 + 0.1 * (bindings.get('T') ?? 0))),
  ],
  [
    'batch = rows',
    (r, { bindings }) => changed(r, isY, (x) => x * (1 + 0.1 * (bindings.get('B') ?? 0))),
  ],
  ['order of rows', (r) => changed(r, isY, (x, i) => x + (i < 12 ? 0.1 : 0))],
  [
    'sum of gradients',
    (r, { bindings }) => changed(r, isGradient, (x) => x / (bindings.get('B') ?? 1)),
  ],
  ['streaming = whole', (r, { bindings }) => changed(r, isY, (x) => x * (bindings.get('T') ?? 0))],
  ['chunked carry', (r, { bindings }) => changed(r, isY, (x) => x * (bindings.get('T') ?? 0))],
  [
    'reversal symmetry',
    (r) => changed(r, isY, (x, i) => (i % 4 < 2 ? x : 2 * x)),
    'bidirectional(gru(2), depth = 2) -> softmax',
  ],
  ['loss scaling', (r) => changed(r, isGradient, (x) => x + 0.1)],
  ['same bits twice', (r) => changed(r, isY, (x) => x + 1e-9 * ++runs)],
];

async function tried(name: string, text: string, backend: Backend): Promise<CheckResult> {
  const check = allChecks.find((c) => c.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  const numbers = name === 'NaN and infinity' ? 'nonFinite' : 'ordinary';
  const point = new CasePoint(subjectOf(text), { ...data, numbers }, oracle);
  expect(check.suits(point.subject, backend)).toBe(true);
  expect(check.takes(point.data)).toBe(true);
  return check.run(point, backend);
}

describe('a check', () => {
  it.each(faults.map(([name, spoil, text = 'lstm(2)']) => ({ name, spoil, text })))(
    '$name',
    async ({ name, spoil, text }) => {
      const right = await tried(
        name,
        text,
        spoiltBackend('right', (r) => r),
      );
      expect(right.wrong).toEqual([]);
      expect(right.worst).toBeLessThanOrEqual(1);
      const wrong = await tried(name, text, spoiltBackend('wrong', spoil));
      expect(wrong.wrong).not.toEqual([]);
      expect(wrong.worst).toBeGreaterThan(1);
    },
  );

  it('central differences', async () => {
    const right = backendOf(oracle.f64, { isOracle: true });
    expect((await tried('central differences', 'lstm(2)', right)).wrong).toEqual([]);
    const f64 = {
      ...right.runner,
      run: async (job: GraphJob) => changed(await oracle.f64.run(job), isGradient, (x) => 1.01 * x),
    };
    const wrong = await tried('central differences', 'lstm(2)', backendOf(f64, { isOracle: true }));
    expect(wrong.wrong).not.toEqual([]);
  });

  it('central differences, where a derivative has a kink of its own', async () => {
    const right = backendOf(oracle.f64, { isOracle: true });
    const check = allChecks.find((c) => c.name === 'central differences');
    for (const text of ['softsign', 'residual(hardTanh) -> softsign', 'relu -> dense(2)']) {
      for (const seed of [1, 2, 3]) {
        const point = new CasePoint(subjectOf(text), { ...data, seed, numbers: 'zeros' }, oracle);
        expect((await check?.run(point, right))?.wrong, text).toEqual([]);
      }
    }
  });

  it('a device that knows no denormals may lose what lies below the normal numbers', async () => {
    const flush: Spoil = (r) =>
      changed(
        r,
        () => true,
        (x) => (Math.abs(x) < 2 ** -126 ? 0 : x),
      );
    const drawn = { ...data, seed: 41, time: 2, lengths: [1], numbers: 'saturating' } as const;
    const point = new CasePoint(subjectOf('exp'), drawn, oracle);
    const check = allChecks.find((c) => c.name === 'gradients');
    const keeping = spoiltBackend('keeps them', flush);
    expect((await check?.run(point, keeping))?.wrong).not.toEqual([]);
    const flushing = spoiltBackend('flushes them', flush, { keepsDenormals: false });
    expect((await check?.run(point, flushing))?.wrong).toEqual([]);
  });

  it('a device that may assume finite numbers is free where the oracle has none', async () => {
    const anything: Spoil = (r) =>
      changed(
        r,
        () => true,
        (x) => (Number.isFinite(x) ? x : 7),
      );
    const drawn = { ...data, seed: 4, lengths: [3], numbers: 'saturating' } as const;
    const point = new CasePoint(subjectOf('exp -> exp -> dense(2)'), drawn, oracle);
    const { f64 } = await point.references('gradients');
    expect([...f64.values()].some((a) => !a.data.every(Number.isFinite))).toBe(true);
    for (const name of ['gradients', 'padding', 'loss scaling']) {
      const check = allChecks.find((c) => c.name === name);
      const keeping = spoiltBackend('keeps', anything);
      if (name === 'gradients') expect((await check?.run(point, keeping))?.wrong).not.toEqual([]);
      const free = spoiltBackend('assumes', anything, { keepsNonFinite: false });
      const result = await check?.run(point, free);
      expect(result?.wrong, name).toEqual([]);
      expect(result?.worst, name).toBeLessThanOrEqual(1);
    }
  });

  it('sigmoid gives 0 below the normal numbers, on backends that keep them elsewhere', async () => {
    const drawn = { ...data, seed: 4, lengths: [3], numbers: 'saturating' } as const;
    const flush: Spoil = (r) => changed(r, isY, (x) => (x < 2 ** -126 ? 0 : x));
    const point = new CasePoint(subjectOf('sigmoid'), drawn, oracle);
    const y = (await point.references('values')).f64.get('y')?.data ?? [];
    expect(y.some((x) => x > 0 && x < 2 ** -126)).toBe(true);
    const check = allChecks.find((c) => c.name === 'values');
    expect((await check?.run(point, spoiltBackend('flushes', flush)))?.wrong).toEqual([]);
  });

  it.each(['values', 'order of rows', 'training steps'])(
    '%s falls for a fault that is gone when it is looked for again',
    async (name) => {
      let calls = 0;
      const once: Spoil = (r) =>
        calls++ === 0
          ? changed(
              r,
              () => true,
              (x) => x + 0.1,
            )
          : r;
      expect((await tried(name, 'lstm(2)', spoiltBackend('once', once))).wrong).not.toEqual([]);
    },
  );

  it('same bits on threads', async () => {
    const one = spoiltBackend('one thread', (r) => r);
    const same = spoiltBackend('two threads', (r) => r, { twin: one.runner });
    expect((await tried('same bits on threads', 'lstm(2)', same)).wrong).toEqual([]);
    const other = spoiltBackend('two', (r) => changed(r, isY, (x) => x + 1e-9), {
      twin: one.runner,
    });
    expect((await tried('same bits on threads', 'lstm(2)', other)).wrong).not.toEqual([]);
  });

  it('says nothing of a model that it is not about', () => {
    const [backend] = [spoiltBackend('right', (r) => r)];
    const suits = (name: string, text: string): boolean | undefined =>
      allChecks.find((c) => c.name === name)?.suits(subjectOf(text), backend);
    expect(suits('streaming = whole', 'bidirectional(lstm(2))')).toBe(false);
    expect(suits('streaming = whole', 'lstm(2) -> last')).toBe(false);
    expect(suits('streaming = whole', 'shift(-1) -> rnn(2)')).toBe(false);
    expect(suits('streaming = whole', 'lstm(2) -> dense(3) -> softmax')).toBe(true);
    expect(suits('reversal symmetry', 'lstm(2)')).toBe(false);
    expect(suits('reversal symmetry', 'bidirectional(lstm(2))')).toBe(true);
    expect(suits('reversal symmetry', 'rnn(2, reverse = true)')).toBe(false);
    expect(suits('reversal symmetry', 'bidirectional(lstm(2)) -> dense(3)')).toBe(false);
    expect(suits('reversal symmetry', 'residual(bidirectional(lstm(2)) -> dense(3))')).toBe(false);
  });
});
