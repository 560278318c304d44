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
    expect(suits('reversal symmetry', 'bidirectional(lstm(2)) -> dense(3)')).toBe(false);
    expect(suits('reversal symmetry', 'residual(bidirectional(lstm(2)) -> dense(3))')).toBe(false);
  });
});
