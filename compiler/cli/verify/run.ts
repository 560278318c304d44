/** `verify` without its options and its output: a spec in, what was found out. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { Bindings } from '../../graph/dim.ts';
import { allChecks } from '../../verify/checks/all.ts';
import { counterexample } from '../../verify/counterexample.ts';
import type { Failure, VerifyOutcome } from '../../verify/outcome.ts';
import type { Clock, Limits } from '../../verify/patience.ts';
import type { VerifySubject } from '../../verify/subject.ts';
import { verify } from '../../verify/verify.ts';
import { UsageError } from '../failure.ts';
import { note } from '../output.ts';
import { progressLine } from '../progress-line.ts';
import { openSpec, type OpenedSpec } from '../spec.ts';
import { readTensors } from '../tensors.ts';
import { openBackends, type OpenBackends } from './backends.ts';
import { storeCounterexample, type StoredCounterexample } from './counterexample-files.ts';
import { readReplay, subjectFor, type Replay } from './replay.ts';
import { requireRoomFor } from './room.ts';
import { boundDims, compileText, dimsOf, openSubject } from './subject.ts';

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
  /** A folder for counterexamples. */
  readonly out: string;
  /** A file of one. */
  readonly replay?: string;
  /** The file of a browser, for the page. */
  readonly browser?: string;
  /** What there is to run on; the machine's own backends if not said. */
  readonly open?: typeof openBackends;
}

export interface VerifyReport extends VerifyOutcome {
  readonly spec: string;
  readonly seconds: number;
  /** Whether a counterexample was run once more. */
  readonly replayed: boolean;
  readonly counterexamples: readonly StoredCounterexample[];
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
  const source = openSpec(spec);
  const dims = await boundDims(source, settings.dims);
  const { weights: file } = settings;
  const weights = replay?.weights ?? (file === undefined ? undefined : readTensors(file));
  const opened = await openSubject(source, { dims, ...(weights === undefined ? {} : { weights }) });
  const subject = replay === undefined ? opened : subjectFor(replay, opened);
  requireRoomFor(subject);
  const isWanted = replay === undefined ? settings.isWanted : (n: string) => n === replay.backend;
  const backends = await (settings.open ?? openBackends)(isWanted, settings.browser);
  const line = progressLine();
  try {
    const { runs, seed, patienceMs, timeMs } = settings;
    const outcome = await verify({
      ...{ subject, clock, signal, runs, seed, patienceMs },
      ...(replay === undefined ? {} : { checks: [replay.check], replay }),
      lanes: replay === undefined ? lanesOf(backends) : lanesFor(replay, subject, backends),
      oracle: backends.oracle,
      timeMs: timeMs - (clock.now() - started),
      progress: ({ backend, check, index, runs: done, failures }) => {
        const fell = failures === 0 ? '' : `, ${failures} fell`;
        line.update(`${done} checks done${fell}; case ${index + 1}: ${backend}, ${check}`);
      },
    });
    line.clear();
    const wanted = replay === undefined ? outcome.failures : [];
    const shrinking = { source, dims, subject, backends, signal };
    const counterexamples = await smaller(settings, shrinking, wanted);
    const skipped = [...backends.skipped, ...outcome.skipped];
    const seconds = (clock.now() - started) / 1000;
    const replayed = replay !== undefined;
    return { ...outcome, skipped, spec, seconds, replayed, counterexamples };
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

/** The one backend of a counterexample, unless this machine lacks it. */
function lanesFor(
  { file, backend, check }: Replay,
  subject: VerifySubject,
  { lanes, skipped }: OpenBackends,
): OpenBackends['lanes'] {
  const [found] = lanes.flat();
  const isMissing = found === undefined && skipped.length === 0;
  if (isMissing || (found !== undefined && !check.suits(subject, found))) {
    const why = isMissing
      ? `there is no backend '${backend}'`
      : `'${check.name}' says nothing about this spec`;
    throw new RuntimeFault('R7401', `${file} cannot be replayed: ${why}`);
  }
  return lanes;
}

interface Shrinking {
  readonly source: OpenedSpec;
  readonly dims: Bindings;
  readonly subject: VerifySubject;
  readonly backends: OpenBackends;
  readonly signal: AbortSignal;
}

/** What each of them may take, in milliseconds. */
const shrinkingMs = 60_000;

/**
 * One for each check that fell, and not more than three: of the kernel interpreter if it is among
 * those that fell, since it goes through what may happen at once in the worst order there is, and
 * else of the backend that fell first.
 */
async function smaller(
  settings: VerifySettings,
  { source: { source, load, record }, subject, backends, signal, ...shrinking }: Shrinking,
  failures: readonly Failure[],
): Promise<readonly StoredCounterexample[]> {
  const dims = new Map([...(record?.dims ?? []), ...shrinking.dims]);
  const isKernels = ({ backend }: Failure): boolean => backend.startsWith('kernels');
  const sorted = failures.toSorted((f, g) => Number(isKernels(g)) - Number(isKernels(f)));
  const first = sorted.filter((f, i) => sorted.findIndex((g) => g.check === f.check) === i);
  const stored: StoredCounterexample[] = [];
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
      compile: (text) => compileText({ text, load }, dims),
      source: { load, name: source.name },
    });
    stored.push(
      storeCounterexample(found, {
        ...{ folder: settings.out, original: { source, load } },
        dims: dimsOf({ text: found.text, load }, dims),
        weights: [...subject.weights.keys()],
      }),
    );
  }
  return stored;
}
