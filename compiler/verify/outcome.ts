/** What verification found, as data: one entry for each backend and check, and what fell. */
import type { CheckGroup, CheckResult } from './checks/check.ts';
import { addTo, newHistogram } from './histogram.ts';
import type { CaseData, VerifyCase } from './verify-case.ts';

export interface Tally {
  readonly backend: string;
  readonly check: string;
  readonly group: CheckGroup;
  runs: number;
  /** How many cases were gone through, as far as this is known: the last one's number. */
  cases: number;
  failures: number;
  /** The largest error so far as a multiple of what is allowed, where it is, and of which case. */
  worst: number;
  where: string;
  at: CaseData | undefined;
  /** Of every result of every run, as `histogram.ts` has it. */
  readonly histogram: number[];
}

/** A check that fell, or a backend that could not go on. */
export interface Failure {
  readonly kind: 'wrong' | 'fault' | 'hung';
  readonly backend: string;
  readonly check: string;
  readonly case: VerifyCase;
  readonly messages: readonly string[];
}

export interface Skipped {
  readonly backend: string;
  readonly reason: string;
}

export interface VerifyOutcome {
  readonly tallies: readonly Tally[];
  readonly failures: readonly Failure[];
  /** Backends that this machine lacks or that the model does not fit. */
  readonly skipped: readonly Skipped[];
  readonly seed: number;
  readonly cases: number;
  /** Stopped before its runs or its time were spent. */
  readonly aborted: boolean;
}

export function newTally(backend: string, check: string, group: CheckGroup): Tally {
  const none = { runs: 0, cases: 0, failures: 0, worst: 0, where: '', at: undefined };
  return { backend, check, group, ...none, histogram: newHistogram() };
}

export function count(tally: Tally, result: CheckResult, index: number, data: CaseData): void {
  tally.runs++;
  tally.cases = index + 1;
  for (const multiple of result.multiples) addTo(tally.histogram, multiple);
  if (result.wrong.length > 0) tally.failures++;
  if (tally.at !== undefined && result.worst <= tally.worst) return;
  Object.assign(tally, { worst: result.worst, where: result.where, at: data });
}
