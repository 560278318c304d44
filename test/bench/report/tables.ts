/** The tables of a run: times, and how many times as long as Gatework's they are. */
import { contestants, type Contestant } from '../peers/contestants.ts';
import { duration, figures, timingOf, type Results } from './results.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A row for each workload; medians with one thread and with two. */
export function timeTable(results: Results): Table {
  const columns = present(results);
  return {
    head: ['workload', ...columns.map((c) => c.label)],
    rows: results.workloads.map(({ name }) => [
      name,
      ...columns.map((column) =>
        joined(threadsOf(results), (threads) => {
          const timing = timingOf(results, name, column.name, threads);
          return timing === undefined ? undefined : duration(timing.median);
        }),
      ),
    ]),
  };
}

/**
 * Each median by Gatework's with as many threads: above 1 Gatework is faster. A contestant that has
 * one thread only is compared with Gatework's one thread.
 */
export function ratioTable(results: Results): Table {
  const columns = present(results).filter((c) => c.kind !== 'ours');
  return {
    head: ['workload', ...columns.map((c) => c.label)],
    rows: results.workloads.map(({ name }) => [
      name,
      ...columns.map((column) =>
        joined(threadsOf(results), (threads) => {
          const timing = timingOf(results, name, column.name, threads);
          const ours = timingOf(results, name, 'gatework', threads);
          if (timing === undefined || ours === undefined) return undefined;
          return `${figures(timing.median / ours.median)} ×`;
        }),
      ),
    ]),
  };
}

/** What the first result took from weights in memory: compiling, loading, the first call. */
export function readyTable(results: Results): Table {
  const columns = present(results);
  return {
    head: ['workload', ...columns.map((c) => c.label)],
    rows: results.workloads.map(({ name }) => [
      name,
      ...columns.map((column) => {
        const timing = timingOf(results, name, column.name, 1);
        return timing === undefined ? '-' : duration(timing.readyMs);
      }),
    ]),
  };
}

/** Numbers to the right, as prettier has them. */
export function markdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}

function present({ timings }: Results): readonly Contestant[] {
  return contestants.filter(({ name }) => timings.some(({ peer }) => peer === name));
}

function threadsOf({ timings }: Results): readonly number[] {
  return [...new Set(timings.map((t) => t.threads))].toSorted((a, b) => a - b);
}

/** `47 ms / 26 ms`; what is missing at the end is left out, `-` if all is. */
function joined(threads: readonly number[], text: (threads: number) => string | undefined): string {
  const found = threads.map(text);
  while (found.length > 0 && found.at(-1) === undefined) found.pop();
  return found.length === 0 ? '-' : found.map((one) => one ?? '-').join(' / ');
}
