/**
 * Cases that once fell on backends that were right: each is what a correct program may do, and the
 * check now knows it. And the same cases with a fault planted, which must fall still.
 */
import { describe, expect, it } from 'vitest';
import { CasePoint } from '../../../compiler/verify/case-point.ts';
import { allChecks } from '../../../compiler/verify/checks/all.ts';
import type { Backend, CheckResult } from '../../../compiler/verify/checks/check.ts';
import { backendOf, localBackends, localOracle } from '../../../compiler/verify/local-backends.ts';
import { webgpuRunner } from '../../../compiler/verify/runners/webgpu-runner.ts';
import type { CaseData } from '../../../compiler/verify/verify-case.ts';
import { gpuDevice, gpuUnavailable } from '../../support/gpu.ts';
import { changed, plainTraining, spoiltBackend, subjectOf } from '../../support/verify-subjects.ts';

interface Pinned {
  readonly why: string;
  readonly spec: string;
  readonly check: string;
  readonly data: CaseData;
}

const oracle = localOracle();

async function tried({ spec, check: name, data }: Pinned, backend: Backend): Promise<CheckResult> {
  const check = allChecks.find((c) => c.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  const point = new CasePoint(subjectOf(spec), data, oracle);
  expect(check.takes(data) && check.suits(point.subject, backend)).toBe(true);
  return check.run(point, backend);
}

/** The formula of sigmoid gives 0 there, and the derivative of a gate that is shut is gone. */
const shutGate: Pinned = {
  why: 'a gate that is shut so far that it is below the normal numbers',
  spec: 'embed(3) -> lstm(3) -> last -> softmax(4)',
  check: 'gradients',
  data: {
    ...{ seed: 9, time: 3, lengths: [2, 6], widths: [1, 2, 1], weightScale: 12 },
    ...{ numbers: 'repeated', states: false, training: plainTraining },
  },
};

/** Several kinks at once, whose slopes to either side differ by little. */
const ties: Pinned = {
  why: 'ties of maxima at 0 that look smooth from afar',
  spec: 'relu -> pool(max)',
  check: 'central differences',
  data: {
    ...{ seed: 1245667266, time: 6, lengths: [1, 4, 2], widths: [6, 5, 2], weightScale: 0.2 },
    ...{ numbers: 'zeros', states: false, training: plainTraining },
  },
};

/** On devices that take numbers below the normal ones for 0, as WGSL lets them. */
const onDevice: readonly Pinned[] = [
  {
    why: 'a weight that is flushed, times infinity',
    spec: 'dense(3) -> floor -> sign',
    check: 'NaN and infinity',
    data: {
      ...{ seed: 3, time: 4, lengths: [6, 5, 1], widths: [1, 5, 6], weightScale: 1e-38 },
      ...{ numbers: 'nonFinite', states: false, training: plainTraining },
    },
  },
  ...['gradients', 'loss scaling'].map((check): Pinned => ({
    why: 'a power that is flushed on the way to a logarithm',
    spec: 'exp -> log -> sqrt',
    check,
    data: {
      ...{ seed: 25, time: 3, lengths: [5, 1], widths: [1, 1, 6], weightScale: 0.2 },
      ...{ numbers: 'saturating', states: false, training: plainTraining },
    },
  })),
];

describe('no alarm', { timeout: 60_000 }, () => {
  it(shutGate.why, async () => {
    for (const backend of localBackends(oracle)) {
      if (backend.isOracle) continue;
      const { wrong, worst } = await tried(shutGate, backend);
      expect(wrong, backend.runner.name).toEqual([]);
      expect(worst).toBeLessThanOrEqual(1);
    }
    const shifted = spoiltBackend('wrong', (r) =>
      changed(
        r,
        (name) => name === 'd/lstm.Wf',
        (x) => x + 1e-38,
      ),
    );
    expect((await tried(shutGate, shifted)).wrong).not.toEqual([]);
  });

  it(ties.why, async () => {
    expect((await tried(ties, backendOf(oracle.f64, { isOracle: true }))).wrong).toEqual([]);
  });

  const note = gpuUnavailable === undefined ? '' : ` (${gpuUnavailable})`;
  describe.skipIf(gpuUnavailable !== undefined)(`on a device${note}`, () => {
    it.each(onDevice)('$why: $check', async (pinned) => {
      const device = await gpuDevice();
      if (device === undefined) throw new Error('there is no device');
      for (const schedule of ['steps', 'persistent'] as const) {
        const kind = schedule === 'steps' ? 'software' : 'parallel';
        const runner = webgpuRunner({ schedule, device, kind, timeoutMs: 30_000 });
        const backend = backendOf(runner, { keepsNonFinite: false, keepsDenormals: false });
        expect((await tried(pinned, backend)).wrong).toEqual([]);
        runner.close?.();
      }
    });
  });
});
