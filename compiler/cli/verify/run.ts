/** `verify` without its options and its output: a spec in, what was found out. */
import type { Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import type { VerifyOutcome } from '../../verify/outcome.ts';
import type { Clock } from '../../verify/patience.ts';
import { VerifySubject } from '../../verify/subject.ts';
import { verify } from '../../verify/verify.ts';
import { UsageError } from '../failure.ts';
import { progressLine } from '../progress-line.ts';
import { compileOpened, openSpec } from '../spec.ts';
import { readTensors } from '../tensors.ts';
import { loadWeights } from '../weights.ts';
import { openBackends } from './backends.ts';

export interface VerifySettings {
  readonly dims: Bindings;
  /** A file. */
  readonly weights?: string;
  readonly isWanted: (backend: string) => boolean;
  readonly runs: number;
  readonly seed: number;
  /** From the start of the command on. */
  readonly timeMs: number;
  readonly patienceMs: number;
}

const clock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

export async function verifySpec(
  spec: string,
  settings: VerifySettings,
  signal: AbortSignal,
): Promise<VerifyOutcome> {
  const { runs, seed, timeMs, patienceMs } = settings;
  const started = clock.now();
  const subject = await openSubject(spec, settings);
  const backends = await openBackends(settings.isWanted);
  const line = progressLine();
  if (backends.lanes.flat().length === 0 && backends.skipped.length === 0) {
    throw new UsageError('--backends names no backend');
  }
  try {
    const outcome = await verify({
      subject,
      lanes: backends.lanes,
      oracle: backends.oracle,
      runs,
      seed,
      clock,
      timeMs: timeMs - (clock.now() - started),
      patienceMs,
      signal,
      progress: ({ backend, check, index, runs: done, failures }) => {
        const fell = failures === 0 ? '' : `, ${failures} fell`;
        line.update(`${done} checks done${fell}; case ${index + 1}: ${backend}, ${check}`);
      },
    });
    return { ...outcome, skipped: [...backends.skipped, ...outcome.skipped] };
  } finally {
    line.clear();
    backends.close();
  }
}

/** Compiled twice, since dropout is at work in training alone. */
async function openSubject(spec: string, settings: VerifySettings): Promise<VerifySubject> {
  const opened = openSpec(spec);
  const { dims } = settings;
  const model = await compileOpened(opened, { dims, mode: 'inference' });
  const training = await compileOpened(opened, { dims, mode: 'training', quiet: true });
  const { text } = opened.source;
  if (settings.weights === undefined) return new VerifySubject({ text, model, training });
  const tensors = readTensors(settings.weights);
  const adopt = (given: Model) => loadWeights(given, { weights: tensors }, new Map());
  const [own, trained] = [await adopt(model), await adopt(training)];
  const { weights, bindings } = own;
  return new VerifySubject({ text, model: own.model, training: trained.model, weights, bindings });
}
