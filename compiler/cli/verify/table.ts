/**
 * What verification found, for a person: backends down, kinds of checks across; then each check
 * with the backend that came nearest to what is allowed; then what fell and what was not run.
 */
import type { CheckGroup } from '../../verify/checks/check.ts';
import type { Failure, Tally, VerifyOutcome } from '../../verify/outcome.ts';
import { table } from '../table.ts';
import type { StoredCounterexample } from './counterexample-files.ts';
import type { VerifyReport } from './run.ts';

/** Columns of the table, in their order. */
export const groups: readonly CheckGroup[] = [
  ...(['values', 'gradients', 'training', 'laws', 'bits', 'non-finite'] as const),
];

export const heads: Readonly<Record<CheckGroup, string>> = {
  values: 'values',
  gradients: 'gradients',
  training: 'training',
  laws: 'laws',
  bits: 'bits',
  'non-finite': 'NaN, ∞',
};

export function describeReport(outcome: VerifyReport): string {
  const { failures, skipped, counterexamples } = outcome;
  const parts = [
    backendTable(outcome),
    legend,
    checkTable(outcome),
    skipped.map(({ backend, reason }) => `not run: ${backend}: ${reason}`).join('\n'),
    failures.map(describeFailure).join('\n'),
    counterexamples.map(describeCounterexample).join('\n\n'),
    verdict(outcome),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const legend =
  '12 ✓ 8%: 12 runs, the largest error 8% of what is allowed.  ✗: fell.  ' +
  '–: says nothing here.  ·: no time left.';

function backendTable({ tallies }: VerifyOutcome): string {
  const backends = [...new Set(tallies.map((t) => t.backend))];
  const rows = backends.map((backend) => [
    backend,
    ...groups.map((group) =>
      cell(tallies.filter((t) => t.backend === backend && t.group === group)),
    ),
  ]);
  return table(['backend', ...groups.map((group) => heads[group])], rows);
}

function cell(tallies: readonly Tally[]): string {
  if (tallies.length === 0) return '–';
  const runs = tallies.reduce((sum, t) => sum + t.runs, 0);
  const worst = Math.max(...tallies.map((t) => t.worst));
  if (tallies.some((t) => t.failures > 0)) return `${runs} ✗ ${share(worst)}`;
  return runs === 0 ? '·' : `${runs} ✓ ${share(worst)}`;
}

/** Of what is allowed: a percentage up to all of it, then how many times as much. */
export function share(multiple: number): string {
  if (multiple === 0) return 'exact';
  if (!Number.isFinite(multiple)) return '∞';
  const percent = 100 * multiple;
  if (percent < 0.001) return '<0.001%';
  if (percent < 10) return `${percent.toPrecision(percent < 1 ? 1 : 2)}%`;
  if (multiple <= 1) return `${percent.toFixed(0)}%`;
  return `${multiple.toPrecision(3)}×`;
}

function checkTable({ tallies }: VerifyOutcome): string {
  const inOrder = groups.flatMap((group) => tallies.filter((t) => t.group === group));
  const checks = [...new Set(inOrder.map((t) => t.check))];
  const rows = checks.map((check) => {
    const own = tallies.filter((t) => t.check === check && t.runs > 0);
    const runs = own.reduce((sum, t) => sum + t.runs, 0);
    const [worst] = own.toSorted((a, b) => b.worst - a.worst);
    if (worst === undefined) return [check, '·', '', '', ''];
    const place = worst.worst === 0 ? ['', ''] : [worst.backend, worst.where];
    return [check, String(runs), share(worst.worst), ...place];
  });
  return table(['check', 'runs', 'worst', 'on', 'at'], rows, [1, 2]);
}

function describeFailure({ kind, backend, check, case: fallen, messages }: Failure): string {
  const how = { wrong: 'does not hold', fault: 'could not run', hung: 'hangs' }[kind];
  const shown = messages.slice(0, 3).map((message) => `  ${message}`);
  const more = messages.length > 3 ? [`  and ${messages.length - 3} more`] : [];
  return [`✗ ${backend}: ${check} ${how} (${fallen.name})`, ...shown, ...more].join('\n');
}

/** Of a spec that nothing could be left out of, the beginning must do. */
const specLines = 30;

function describeCounterexample(found: StoredCounterexample): string {
  const { failure, text, data, blame, stored, unwritten, training } = found;
  const { lengths, time, numbers } = data;
  const trained = training === undefined ? '' : `; trained by ${training}`;
  const shape = `${counted(lengths.length, 'row')}, ${counted(time, 'step')}`;
  const size = `${shape}, ${numbers} numbers${trained}`;
  const lines = text.trim().split('\n');
  const more = lines.length > specLines ? [`  … ${lines.length - specLines} more lines`] : [];
  const spec = [...lines.slice(0, specLines).map((line) => `  ${line}`), ...more];
  const head = `smallest case on ${failure.backend} (${size}):`;
  const told = blame === '' ? [] : [blame];
  const last =
    stored === undefined ? `not kept: ${unwritten ?? ''}` : `once more: ${stored.command}`;
  return [head, ...spec, ...told, last].join('\n');
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function verdict(report: VerifyReport): string {
  const { failures, skipped, tallies, cases, seed, aborted, seconds } = report;
  const runs = tallies.reduce((sum, t) => sum + t.runs, 0);
  const stopped = aborted ? 'stopped; ' : '';
  const time = `${seconds.toFixed(0)} s`;
  if (report.replayed) {
    const how = failures.length > 0 ? 'falls again' : runs > 0 ? 'holds now' : 'was not run';
    return `the counterexample ${how}, in ${time}`;
  }
  const all = `${counted(runs, 'check')} on ${counted(cases, 'case')} of seed ${seed}`;
  const done = `${stopped}${all} in ${time}`;
  if (failures.length > 0) return `${done}: ${failures.length} fell`;
  if (runs === 0) return `${done}: nothing was checked`;
  const left = skipped.length === 0 ? '' : `, ${counted(skipped.length, 'backend')} not run`;
  return `${done}: all held${left}`;
}
