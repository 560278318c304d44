/**
 * Verifies a model: draws cases from a seed and puts every backend through every check, until runs
 * or time are spent or somebody has seen enough. Backends of one lane take turns, lanes go on side
 * by side. A backend that faults or hangs is out from then on; the others are not held up by it.
 */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { CasePoint, type GivenArrays } from './case-point.ts';
import { allChecks } from './checks/all.ts';
import type { Backend, Check, CheckResult } from './checks/check.ts';
import { count, newTally, type Failure, type Skipped, type Tally } from './outcome.ts';
import type { VerifyOutcome } from './outcome.ts';
import { answerOf, isOver, type Clock, type Limits } from './patience.ts';
import type { Oracle } from './runner.ts';
import type { VerifySubject } from './subject.ts';
import { drawCases, limitsOf, weightCount, type CaseData } from './verify-case.ts';

export interface VerifyRequest {
  readonly subject: VerifySubject;
  /** Backends that share what they run on stand in one lane. */
  readonly lanes: readonly (readonly Backend[])[];
  readonly oracle: Oracle;
  readonly checks?: readonly Check[];
  /** A case that is replayed, on these arrays, instead of drawn ones. */
  readonly replay?: { readonly data: CaseData; readonly given: GivenArrays };
  /** How many cases at most. */
  readonly runs: number;
  readonly seed: number;
  readonly clock: Clock;
  /** How long it may take in all, and how long any one answer, in milliseconds. */
  readonly timeMs: number;
  readonly patienceMs: number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: VerifyProgress) => void;
}

export interface VerifyProgress {
  readonly backend: string;
  readonly check: string;
  /** Of the case that is under way, from 0. */
  readonly index: number;
  readonly runs: number;
  readonly failures: number;
}

/** Rejects only where the oracle itself cannot run the model. */
export async function verify(request: VerifyRequest): Promise<VerifyOutcome> {
  const run = new Verification(request);
  await Promise.all(request.lanes.map((lane) => run.lane(lane)));
  return run.outcome();
}

class Verification {
  private readonly request: VerifyRequest;
  private readonly checks: readonly Check[];
  private readonly limits: Limits;
  private readonly cases: readonly CaseData[];
  private readonly points = new Map<number, CasePoint>();
  private readonly tallies = new Map<string, Tally>();
  private readonly failures: Failure[] = [];
  private readonly skipped: Skipped[] = [];
  /** Cases that are kept with all that the oracle said of them: large ones of wide models. */
  private readonly pointsKept: number;
  private readonly out = new Set<Backend>();
  private runs = 0;

  constructor(request: VerifyRequest) {
    const { clock, timeMs, patienceMs, signal, subject, seed } = request;
    this.request = request;
    this.checks = request.checks ?? allChecks;
    this.limits = { clock, deadline: clock.now() + timeMs, patienceMs, signal };
    const { replay, runs } = request;
    this.pointsKept = weightCount(subject.model) > 1_000_000 ? 2 : 6;
    this.cases =
      replay === undefined ? drawCases(limitsOf(subject.model), seed, runs) : [replay.data];
  }

  async lane(lane: readonly Backend[]): Promise<void> {
    for (const index of this.cases.keys()) {
      const point = this.pointAt(index);
      for (const check of this.checks) {
        if (!check.takes(point.data)) continue;
        for (const backend of lane) {
          if (isOver(this.limits)) return;
          if (this.isWanted(check, backend)) await this.attempt(check, backend, index);
        }
      }
    }
  }

  outcome(): VerifyOutcome {
    const { seed, signal, lanes } = this.request;
    const tallies = lanes
      .flat()
      .flatMap((backend) =>
        this.checks
          .filter((check) => check.suits(this.request.subject, backend))
          .map((check) => this.tally(check, backend)),
      );
    return {
      tallies,
      failures: this.failures,
      skipped: [...this.skipped, ...this.idle()],
      seed,
      cases: Math.max(0, ...tallies.map((tally) => tally.cases)),
      aborted: signal?.aborted === true,
    };
  }

  /** Backends that the time was too short for. */
  private idle(): readonly Skipped[] {
    const { lanes, signal } = this.request;
    if (signal?.aborted === true) return [];
    const ran = new Set([...this.tallies.values()].filter((t) => t.runs > 0).map((t) => t.backend));
    return lanes
      .flat()
      .filter((backend) => !this.out.has(backend) && !ran.has(backend.runner.name))
      .map(({ runner: { name } }) => ({
        backend: name,
        reason: 'not one check was done when the time was over',
      }));
  }

  private isWanted(check: Check, backend: Backend): boolean {
    if (this.out.has(backend) || !check.suits(this.request.subject, backend)) return false;
    // What has fallen once has fallen; the time is for what still stands.
    return this.tally(check, backend).failures === 0;
  }

  private async attempt(check: Check, backend: Backend, index: number): Promise<void> {
    const point = this.pointAt(index);
    const { name } = backend.runner;
    const { length } = this.failures;
    this.request.progress?.({
      backend: name,
      check: check.name,
      index,
      runs: this.runs,
      failures: length,
    });
    const known = await answerOf(() => point.prepare(check.graph), this.limits);
    if (known.kind === 'fault') throw known.error;
    if (known.kind === 'hung') return this.giveUp(backend);
    if (known.kind === 'cut') return;
    const answer = await answerOf(() => check.run(point, backend), this.limits);
    switch (answer.kind) {
      case 'answer':
        return this.judge(check, backend, index, answer.value);
      case 'fault':
        return this.judgeFault(check, backend, index, answer.error);
      case 'hung': {
        const seconds = Math.round(this.limits.patienceMs / 1000);
        this.fall(check, backend, index, 'hung', [`no answer in ${seconds} s`]);
        return this.dismiss(backend);
      }
      case 'cut':
        return;
      default:
        return answer satisfies never;
    }
  }

  /** Where the oracle takes too long, nothing can be said of a backend. */
  private giveUp(backend: Backend): void {
    const { oracle, patienceMs } = this.request;
    const reason = `the oracle needs more than ${patienceMs / 1000} s for one case`;
    this.skipped.push({ backend: backend.runner.name, reason });
    this.dismiss(backend);
    for (const runner of [oracle.f64, oracle.f32]) runner.close?.();
  }

  private judge(check: Check, backend: Backend, index: number, result: CheckResult): void {
    this.runs++;
    const tally = this.tally(check, backend);
    count(tally, result, index, this.pointAt(index).data);
    if (result.wrong.length > 0) this.fall(check, backend, index, 'wrong', result.wrong);
  }

  private judgeFault(check: Check, backend: Backend, index: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RuntimeFault && beyondMachine.includes(error.code)) {
      this.skipped.push({ backend: backend.runner.name, reason: message });
    } else {
      this.tally(check, backend).failures++;
      this.fall(check, backend, index, 'fault', [message]);
    }
    this.dismiss(backend);
  }

  private fall(
    check: Check,
    backend: Backend,
    index: number,
    kind: Failure['kind'],
    messages: readonly string[],
  ): void {
    const { subject, seed, replay } = this.request;
    this.failures.push({
      kind,
      backend: backend.runner.name,
      check: check.name,
      case: {
        text: subject.text,
        name: replay === undefined ? `case ${index + 1} of seed ${seed}` : 'replayed',
        data: this.pointAt(index).data,
      },
      messages,
    });
  }

  private dismiss(backend: Backend): void {
    this.out.add(backend);
    backend.runner.close?.();
  }

  private pointAt(index: number): CasePoint {
    const data = this.cases[index];
    if (data === undefined) throw new Error(`there is no case ${index}`);
    const { subject, oracle, replay } = this.request;
    const found = this.points.get(index) ?? new CasePoint(subject, data, oracle, replay?.given);
    this.points.set(index, found);
    if (this.points.size > this.pointsKept) {
      const [oldest = index] = this.points.keys();
      this.points.delete(oldest);
    }
    return found;
  }

  private tally(check: Check, { runner: { name } }: Backend): Tally {
    const key = `${name}/${check.name}`;
    const found = this.tallies.get(key) ?? newTally(name, check.name, check.group);
    this.tallies.set(key, found);
    return found;
  }
}

/** No memory, no adapter, no WebAssembly: the machine's limits, not faults of a program. */
const beyondMachine: readonly string[] = ['T6401', 'T6403', 'T6407'];
