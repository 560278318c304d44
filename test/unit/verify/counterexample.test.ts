/** A failure made small: few rows, steps and layers, and the culprit named. */
import { expect, it } from 'vitest';
import { allChecks } from '../../../compiler/verify/checks/all.ts';
import { counterexample, type Counterexample } from '../../../compiler/verify/counterexample.ts';
import { localOracle } from '../../../compiler/verify/local-backends.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import { VerifySubject } from '../../../compiler/verify/subject.ts';
import { compile } from '../../../compiler/pipeline.ts';
import {
  changed,
  plainTraining,
  spoiltBackend,
  subjectOf,
  type Spoil,
} from '../../support/verify-subjects.ts';

const text = 'bidirectional(lstm(5), depth = 2) -> dense(4) -> softmax';
const data: CaseData = {
  ...{ seed: 5, time: 4, lengths: [4, 2, 0], widths: [3, 3, 3], weightScale: 2 },
  ...{ numbers: 'saturating', states: true, training: plainTraining },
};

/** An emitter that has every tanh a little too large. */
const spoil: Spoil = (results, { graph }) => {
  const hasLoop = graph.instructions.some((i) => i.op === 'scan');
  return new Map(
    [...results].map(([name, array]) => [
      name,
      hasLoop ? { ...array, data: Float64Array.from(array.data, (x) => 1.01 * x) } : array,
    ]),
  );
};

async function compiledSubject(spec: string): Promise<VerifySubject | undefined> {
  const [model, training] = (['inference', 'training'] as const).map(
    (mode) => compile({ name: 'spec', text: spec }, { mode }).model,
  );
  if (model === undefined || training === undefined) return undefined;
  return new VerifySubject({ text: spec, model, training });
}

async function smallest(name: string, spec: string, wrong: Spoil): Promise<Counterexample> {
  const check = allChecks.find((c) => c.name === name);
  if (check === undefined) throw new Error(`no check ${name}`);
  const backend = spoiltBackend('wrong', wrong, { kernels: { device: 'simd' } });
  return counterexample({
    ...{ check, backend, subject: subjectOf(spec), oracle: localOracle() },
    failure: {
      ...{ kind: 'wrong', backend: 'wrong', check: name, messages: ['something is off'] },
      case: { text: spec, name: 'case 1 of seed 1', data },
    },
    compile: compiledSubject,
    source: {},
    limits: {
      clock: { now: () => 0, after: () => () => undefined },
      ...{ deadline: Infinity, patienceMs: Infinity, signal: undefined },
    },
  });
}

it('is one layer with a loop, of one row and one step', { timeout: 120_000 }, async () => {
  const found = await smallest('values', text, spoil);
  expect(found.text).not.toContain('->');
  expect(found.text).not.toContain('bidirectional');
  expect(found.text.trim().length).toBeLessThan(12);
  expect(found.data).toMatchObject({ time: 1, numbers: 'ordinary' });
  expect(found.data.lengths).toHaveLength(1);
  expect(found.messages[0]).toContain('is off by');
  expect(found.training).toBeUndefined();
  expect(found.blame).toContain('The emitter is at fault');
  expect([...found.inputs.keys()]).toContain('x');
});

it('is one step of plain descent where an update is wrong', { timeout: 120_000 }, async () => {
  const isNext = (name: string): boolean => name.startsWith('next/') && !name.includes('optimizer');
  const found = await smallest('training steps', 'lstm(3) -> dense(2)', (results) =>
    changed(results, isNext, (x) => 1.01 * x + 0.01),
  );
  expect(found.text.trim()).toMatch(/^(dense|lstm)\(1\)$/);
  expect(found.data).toMatchObject({ time: 1, lengths: [0], numbers: 'ordinary' });
  expect(found.training).toBe('sgd(rate = 0.1): 1 step');
  expect(found.messages[0]).toMatch(/^step 1: next.* is off by/);
  expect(found.blame).toContain('The emitter is at fault');
  expect([...found.inputs.keys()]).toContain('step');
});
