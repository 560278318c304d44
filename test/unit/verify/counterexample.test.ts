/** A failure made small: few rows, steps and layers, and the culprit named. */
import { expect, it } from 'vitest';
import { allChecks } from '../../../compiler/verify/checks/all.ts';
import { counterexample } from '../../../compiler/verify/counterexample.ts';
import { localOracle } from '../../../compiler/verify/local-backends.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import { VerifySubject } from '../../../compiler/verify/subject.ts';
import { compile } from '../../../compiler/pipeline.ts';
import { spoiltBackend, subjectOf, type Spoil } from '../../support/verify-subjects.ts';

const text = 'bidirectional(lstm(5), depth = 2) -> dense(4) -> softmax';
const data: CaseData = {
  ...{ seed: 5, time: 4, lengths: [4, 2, 0], widths: [3, 3, 3], weightScale: 2 },
  ...{ numbers: 'saturating', states: true },
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

it('is one layer with a loop, of one row and one step', { timeout: 120_000 }, async () => {
  const check = allChecks.find((c) => c.name === 'values');
  if (check === undefined) throw new Error('no check of values');
  const backend = spoiltBackend('wrong', spoil, { kernels: { device: 'simd' } });
  const found = await counterexample({
    ...{ check, backend, subject: subjectOf(text), oracle: localOracle() },
    failure: {
      ...{ kind: 'wrong', backend: 'wrong', check: 'values', messages: ['y is off'] },
      case: { text, name: 'case 1 of seed 1', data },
    },
    compile: compiledSubject,
    source: {},
    limits: {
      clock: { now: () => 0, after: () => () => undefined },
      ...{ deadline: Infinity, patienceMs: Infinity, signal: undefined },
    },
  });
  expect(found.text).not.toContain('->');
  expect(found.text).not.toContain('bidirectional');
  expect(found.text.trim().length).toBeLessThan(12);
  expect(found.data).toMatchObject({ time: 1, numbers: 'ordinary' });
  expect(found.data.lengths).toHaveLength(1);
  expect(found.messages[0]).toContain('is off by');
  expect(found.blame).toContain('The emitter is at fault');
  expect([...found.inputs.keys()]).toContain('x');
});
