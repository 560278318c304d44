/**
 * The first programs of a seed, the same in every run; a few of them on a GPU; and whatever ever
 * fell, in every way that there is. The long run is run.ts, its record RECORD.md.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainTraining } from '../support/verify-subjects.ts';
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import type { CaseData } from '../../compiler/verify/verify-case.ts';
import { formOf, wasmFeatures } from '../../runtime/wasm/features.ts';
import { gpuUnavailable } from '../support/gpu.ts';
import { attack } from './attack.ts';
import { gpuBackends } from './gpu-backends.ts';
import type { RunDocument } from './long-run.ts';
import { pins } from './pins.ts';
import { programAt, type How, type RandomProgram } from './program.ts';
import type { Attempt, OpenBackends } from './types.ts';

const seed = 1;
const count = 200;
/** Programs a test, so that a failure tells where it is and a stop is seen soon. */
const each = 50;

allowRelaxedSimd();

const fallen = (attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(({ wrong }) => wrong.length > 0);

/** Where the engine has no relaxed SIMD, the form that it has. */
function runnable(program: RandomProgram): RandomProgram {
  const { how } = program;
  const form = how.form === 'relaxed' ? formOf(wasmFeatures()) : how.form;
  return { ...program, how: { ...how, form } };
}

async function attackAll(from: number, below: number, further?: OpenBackends): Promise<number> {
  let tried = 0;
  for (let index = from; index < below; index++) {
    const attempts = await attack(runnable(programAt(seed, index)), further);
    expect(fallen(attempts), `program ${index} of seed ${seed}`).toEqual([]);
    tried += attempts.length;
  }
  return tried;
}

describe('random programs', { timeout: 600_000 }, () => {
  it.each(Array.from({ length: count / each }, (_, i) => i * each))('from %i on', async (from) => {
    expect(await attackAll(from, from + each)).toBeGreaterThanOrEqual(5 * each);
  });

  it.skipIf(gpuUnavailable !== undefined)('some on a GPU as well', async () => {
    const further = await gpuBackends();
    expect(await attackAll(count, count + 12, further)).toBeGreaterThan(12 * 10);
  });
});

describe('what once fell', { timeout: 600_000 }, () => {
  const runs = JSON.parse(
    readFileSync(new URL('record.json', import.meta.url), 'utf8'),
  ) as RunDocument[];
  const fell = runs.flatMap((run) => run.failures.map(({ index }) => `${run.seed} ${index}`));

  it.each([...new Set(fell)])('in a long run, program %s', async (place) => {
    const [of = 0, index = 0] = place.split(' ').map(Number);
    expect(fallen(await attack(runnable(programAt(of, index))))).toEqual([]);
  });

  // Every kind of kernels, every form of WebAssembly, and on one of them every law in its turn.
  const devices = ['simd', 'software', 'parallel'] as const;
  const forms = ['scalar', 'simd', 'relaxed'] as const;
  const schedules = ['steps', 'persistent', 'steps'] as const;
  const plain: How = {
    part: 2,
    device: 'simd',
    form: 'simd',
    schedule: 'steps',
    without: 0,
    law: 0,
  };
  const ways = [
    ...[0, 1, 2, 3].flatMap((part) =>
      [0, 1, 2].map((i): How => {
        const where = { device: devices[i] ?? 'simd', form: forms[i] ?? 'simd' };
        return { ...plain, ...where, part, schedule: schedules[i] ?? 'steps', without: 0x2a95 };
      }),
    ),
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((law): How => ({ ...plain, law })),
  ];

  it.each(pins)('$name', async ({ text, data }) => {
    const whole: CaseData = {
      ...{ seed: 1, time: 2, lengths: [2, 1], widths: [2, 3, 1], weightScale: 1 },
      ...{ numbers: 'ordinary', states: true, training: plainTraining },
      ...data,
    };
    for (const how of ways) {
      const program = runnable({ text, data: whole, how });
      expect(fallen(await attack(program)), JSON.stringify(program.how)).toEqual([]);
    }
  });
});
