/** `verify` without its options and its output: a spec in, what was found out. */
import { allChecks } from '../../verify/checks/all.ts';
import { counterexample } from '../../verify/counterexample.ts';
import type { Failure, VerifyOutcome } from '../../verify/outcome.ts';
import type { Clock, Limits } from '../../verify/patience.ts';
import type { VerifySubject } from '../../verify/subject.ts';
import { verify } from '../../verify/verify.ts';
import { UsageError } from '../failure.ts';
import { note } from '../output.ts';
import { progressLine } from '../progress-line.ts';
import { openSpec } from '../spec.ts';
import { openBackends, type OpenBackends } from './backends.ts';
import {
  readReplay,
  writeCounterexample,
  type WrittenCounterexample,
} from './counterexample-files.ts';
import { compileText, openSubject, type SubjectSettings } from './subject.ts';

export interface VerifySettings extends SubjectSettings {
  readonly isWanted: (backend: string) => boolean;
  readonly runs: number;
  readonly seed: number;
  /** From the start of the command on. */
  readonly timeMs: number;
  readonly patienceMs: number;
  /** A folder for counterexamples. */
  readonly out: string;
  /** A file of one. */
  readonly replay?: string;
  /** The file of a browser, for the page. */
  readonly browser?: string;
}

export interface VerifyReport extends VerifyOutcome {
  readonly spec: string;
  readonly seconds: number;
  readonly counterexamples: readonly WrittenCounterexample[];
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
): Promise<VerifyReport> {
  const started = clock.now();
  const replay = settings.replay === undefined ? undefined : readReplay(settings.replay);
  const subject = await openSubject(spec, settings);
  const isWanted = replay === undefined ? settings.isWanted : (n: string) => n === replay.backend;
  const backends = await openBackends(isWanted, settings.browser);
  const line = progressLine();
  try {
    const checks = allChecks.filter((c) => replay === undefined || c.name === replay.check);
    const [kind = 'values'] = checks.map((check) => check.graph);
    const { runs, seed, patienceMs, timeMs } = settings;
    const outcome = await verify({
      ...{ subject, checks, clock, signal, runs, seed, patienceMs },
      ...(replay === undefined
        ? {}
        : { replay: { data: replay.data, given: { kind, arrays: replay.arrays } } }),
      lanes: lanesOf(backends),
      oracle: backends.oracle,
      timeMs: timeMs - (clock.now() - started),
      progress: ({ backend, check, index, runs: done, failures }) => {
        const fell = failures === 0 ? '' : `, ${failures} fell`;
        line.update(`${done} checks done${fell}; case ${index + 1}: ${backend}, ${check}`);
      },
    });
    line.clear();
    const wanted = replay === undefined ? outcome.failures : [];
    const counterexamples = await smaller(spec, settings, { subject, backends, signal }, wanted);
    const skipped = [...backends.skipped, ...outcome.skipped];
    const seconds = (clock.now() - started) / 1000;
    return { ...outcome, skipped, spec, seconds, counterexamples };
  } finally {
    line.clear();
    backends.close();
  }
}

function lanesOf({ lanes, skipped }: OpenBackends): OpenBackends['lanes'] {
  if (lanes.flat().length === 0 && skipped.length === 0) {
    throw new UsageError('--backends names no row of the table');
  }
  return lanes;
}

interface Shrinking {
  readonly subject: VerifySubject;
  readonly backends: OpenBackends;
  readonly signal: AbortSignal;
}

/** What each of them may take, in milliseconds. */
const shrinkingMs = 60_000;

/** One for each check that fell, of the backend that fell first, and not more than three. */
async function smaller(
  spec: string,
  settings: VerifySettings,
  { subject, backends, signal }: Shrinking,
  failures: readonly Failure[],
): Promise<readonly WrittenCounterexample[]> {
  const { source, load } = openSpec(spec);
  const first = failures.filter((f, i) => failures.findIndex((g) => g.check === f.check) === i);
  const written: WrittenCounterexample[] = [];
  for (const failure of first.slice(0, 3)) {
    const backend = backends.lanes.flat().find((b) => b.runner.name === failure.backend);
    const check = allChecks.find((c) => c.name === failure.check);
    if (backend === undefined || check === undefined || signal.aborted) continue;
    note(`${failure.backend}, ${failure.check}: looking for the smallest case that falls …`);
    const { patienceMs } = settings;
    const limits: Limits = { clock, deadline: clock.now() + shrinkingMs, patienceMs, signal };
    const { oracle } = backends;
    const found = await counterexample({
      ...{ failure, check, backend, subject, oracle, limits },
      compile: (text) => compileText({ text, load }, settings.dims),
      source: { load, name: source.name },
    });
    written.push(writeCounterexample(found, settings.out, source.name));
  }
  return written;
}
