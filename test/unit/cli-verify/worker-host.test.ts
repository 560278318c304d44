/** A thread that computes for verify: the same numbers and faults, and an end to what hangs. */
import { afterAll, describe, expect, it } from 'vitest';
import { WorkerHost } from '../../../compiler/cli/verify/worker-host.ts';
import { CasePoint } from '../../../compiler/verify/case-point.ts';
import { localOracle } from '../../../compiler/verify/local-backends.ts';
import { kernelRunner } from '../../../compiler/verify/runners/kernel-runner.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { plainTraining, subjectOf } from '../../support/verify-subjects.ts';

const host = new WorkerHost();
afterAll(() => host.stop());

const oracle = localOracle();
const data: CaseData = {
  ...{ seed: 5, time: 3, lengths: [3, 1], widths: [2, 3, 1], weightScale: 1 },
  ...{ numbers: 'ordinary', states: true, training: plainTraining },
};
const point = new CasePoint(subjectOf('lstm(2) -> softmax(3)'), data, oracle);

describe('a worker', { timeout: 120_000 }, () => {
  it('gives the numbers that a runner in this thread gives', async () => {
    const runner = host.runner({ kind: 'interpreter', precision: 'f64' });
    expect(runner.name).toBe('interpreter f64');
    expect(await point.run(runner, 'gradients')).toEqual(await point.run(oracle.f64, 'gradients'));
  });

  it('gives the same bits on two threads', async () => {
    const [one, two] = [1, 2].map((threads) =>
      host.runner({ kind: 'wasm', form: 'simd', threads }),
    );
    if (one === undefined || two === undefined) throw new Error('two runners expected');
    expect(await point.run(two, 'values')).toEqual(await point.run(one, 'values'));
  });

  it('trains in a row as a runner in this thread does', async () => {
    const [here, there] = [
      kernelRunner({ device: 'simd' }),
      host.runner({ kind: 'kernels', device: 'simd' }),
    ];
    const later = [point.stepInputs(2), point.stepInputs(3)];
    const found = await there.runSteps?.({ ...point.jobFor(there, 'training'), later });
    expect(found).toEqual(await here.runSteps?.({ ...point.jobFor(here, 'training'), later }));
    expect(found?.has('step 3: next/lstm.Wc')).toBe(true);
  });

  it('gives the same bits in JavaScript as in WebAssembly without vectors', async () => {
    const printed = host.runner({ kind: 'javascript' });
    const scalar = host.runner({ kind: 'wasm', form: 'scalar', threads: 1 });
    expect(printed.name).toBe('javascript');
    expect(await point.run(printed, 'gradients')).toEqual(await point.run(scalar, 'gradients'));
  });

  it('hands on faults with their code', async () => {
    const runner = host.runner({ kind: 'interpreter', precision: 'f32' });
    const { model, graph } = point.subject.graph('values', 'interpreter');
    const job = { model, graph, inputs: new Map(), bindings: new Map() };
    const error: unknown = await runner.run(job).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RuntimeFault);
    expect(error).toMatchObject({ code: 'R7002' });
  });

  it('can be ended while it computes, and begun again', async () => {
    const long = new CasePoint(
      subjectOf('lstm(200)'),
      { ...data, time: 4000, lengths: [4000] },
      oracle,
    );
    const runner = host.runner({ kind: 'kernels', device: 'simd' });
    const running = long.run(runner, 'values').catch((e: unknown) => e);
    setTimeout(() => runner.close?.(), 1000);
    expect(String(await running)).toContain('its thread was ended');
    const again = host.runner({ kind: 'interpreter', precision: 'f64' });
    expect((await point.run(again, 'values')).size).toBeGreaterThan(0);
  });
});
