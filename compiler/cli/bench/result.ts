/** What `bench` found, as data, as JSON and as tables. */
import type { Backend } from '../options.ts';
import { table } from '../table.ts';
import type { Times } from './measure.ts';
import type { BenchMode } from './subject.ts';

export interface KernelTime {
  readonly kernel: string;
  /** Of one call, over all dispatches of the kernel. */
  readonly ms: number;
}

/** What a backend tells; undefined where the question makes no sense there. */
export interface Measured extends Times {
  readonly dispatches?: number;
  readonly kernels?: number;
  /** Memory on the device. */
  readonly bytes?: number;
  readonly profile?: readonly KernelTime[];
}

export interface BenchResult extends Measured {
  readonly backend: Backend;
  readonly mode: BenchMode;
  readonly gflops: number;
  readonly peak?: number;
  readonly tokensPerSecond: number;
}

export interface Skipped {
  readonly backend: Backend;
  readonly reason: string;
}

export function resultDocument(result: BenchResult): object {
  return {
    backend: result.backend,
    mode: result.mode,
    median_ms: result.median,
    p25_ms: result.p25,
    p75_ms: result.p75,
    reps: result.reps,
    gflops: result.gflops,
    peak_gflops: result.peak ?? null,
    tokens_per_s: result.tokensPerSecond,
    dispatches: result.dispatches ?? null,
    kernels: result.kernels ?? null,
    bytes: result.bytes ?? null,
    ...(result.profile === undefined ? {} : { profile: result.profile }),
  };
}

export function describeResult(result: BenchResult): string {
  const { backend, mode, median, p25, p75, reps, peak, gflops } = result;
  const share = peak === undefined ? '' : `, ${percent(gflops / peak)} of ${figures(peak)}`;
  const rows: [string, string][] = [
    [
      'ms per call',
      `${figures(median)}  (${figures(p25)} to ${figures(p75)}, ${reps} ${reps === 1 ? 'call' : 'calls'})`,
    ],
    ['tokens/s', figures(result.tokensPerSecond)],
    ['GFLOP/s', `${figures(gflops)}${share}`],
  ];
  const counts = { dispatches: result.dispatches, kernels: result.kernels, bytes: result.bytes };
  for (const [name, count] of Object.entries(counts)) {
    if (count !== undefined) rows.push([name, count.toLocaleString('en-US')]);
  }
  const profile = result.profile === undefined ? [] : ['', describeProfile(result.profile)];
  return [table([backend, mode], rows), ...profile].join('\n');
}

function describeProfile(times: readonly KernelTime[]): string {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  const rows = times.map(({ kernel, ms }) => [kernel, figures(ms), percent(ms / total)]);
  return table(['kernel', 'ms per call', 'share'], rows, [1, 2]);
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)}%` : '-';
}

/** Three figures that count: `0.0123`, `12.3`, `12,345`. */
function figures(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size >= 0.001 ? value.toPrecision(3) : value.toExponential(2);
}
