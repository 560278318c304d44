/** The document of a run: what was measured, where, and who could not take part. */
import { cpus, loadavg } from 'node:os';
import type { Absence, Timing } from '../measure/measure.ts';
import type { PeerName } from '../peers/task-file.ts';
import type { WorkloadName } from '../workloads/workloads.ts';

export interface Results {
  readonly about: About;
  readonly workloads: readonly Described[];
  readonly timings: readonly Timing[];
  /** Entrants that began and failed, by workload. */
  readonly failures: readonly Absence[];
  /** Contestants that are not installed. */
  readonly skipped: readonly { readonly peer: PeerName; readonly reason: string }[];
}

export interface About {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  /** Processes that wanted a processor, on average over a minute, before and after. */
  readonly load: readonly [number, number];
  readonly minutes: number;
  readonly smoke: boolean;
}

export interface Described {
  readonly name: WorkloadName;
  readonly title: string;
  readonly batch: number;
  readonly time: number;
  readonly gflop: number;
}

export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} cores, ${first?.model.trim() ?? 'of an unknown kind'}`;
}

export function load(): number {
  return Math.round((loadavg()[0] ?? NaN) * 10) / 10;
}

/** A timing of the results, if there is one. */
export function timingOf(
  { timings }: Results,
  workload: string,
  peer: PeerName,
  threads: number,
): Timing | undefined {
  return timings.find((t) => t.workload === workload && t.peer === peer && t.threads === threads);
}

/** Three figures that count, with a unit that suits: `1.62 µs`, `47.1 ms`, `6.94 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1) return `${figures(1000 * milliseconds)} µs`;
  if (milliseconds < 1000) return `${figures(milliseconds)} ms`;
  return `${figures(milliseconds / 1000)} s`;
}

export function figures(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 100) return String(Math.round(value));
  return value.toPrecision(value >= 10 ? 3 : 2);
}
