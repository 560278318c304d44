/** RESULTS.md: the score, the table of faults by area, and what survives with why. */
import type { Area, Excuse } from './faults/fault.ts';
import type { Outcome } from './results.ts';

export interface Score {
  readonly found: number;
  readonly survived: number;
  /** Not asked to the end yet. */
  readonly open: number;
}

export function scoreOf(areas: readonly Area[], outcomes: Record<string, Outcome>): Score {
  const verdicts = areas.flatMap(({ faults }) => faults.map((f) => outcomes[f.name]?.verdict));
  const found = verdicts.filter((v) => v === 'found' || v === 'hung').length;
  const survived = verdicts.filter((v) => v === 'survived').length;
  return { found, survived, open: verdicts.length - found - survived };
}

export function reportText(
  areas: readonly Area[],
  outcomes: Record<string, Outcome>,
  excuses: readonly Excuse[],
  missedAtFirst: readonly string[],
): string {
  const { found, survived, open } = scoreOf(areas, outcomes);
  const total = found + survived + open;
  const share = ((100 * found) / Math.max(1, total)).toFixed(1);
  const undecided = open === 0 ? '' : ` ${open} are not asked to the end yet.`;
  return [
    '# Planted faults',
    '',
    'Written by `npx tsx test/mutation/run.ts`. One fault at a time is planted in a copy of the tree;',
    'tests are asked from the most specific on, until one fails. What compares texts letter by letter',
    '(`test/golden`) is not asked, and a test counts only if it passes on the untouched tree.',
    '',
    `**${found} of ${total} are found, ${share} %.** ${survived} survive.${undecided}`,
    '',
    ...areas.flatMap((area) => areaLines(area, outcomes)),
    '## What survives',
    '',
    ...survivorLines(areas, outcomes, excuses),
    '',
    '## What got past its tests at first',
    '',
    'These faults were found by none of the tests named for them when they were first planted (the',
    'rest of the suite was not asked). The tests that find them now were written for that reason.',
    '',
    ...missedAtFirst.map((name) => `- \`${name}\``),
    '',
  ].join('\n');
}

function areaLines({ name, faults }: Area, outcomes: Record<string, Outcome>): string[] {
  const rows = faults.map((fault) => {
    const outcome = outcomes[fault.name];
    return `| ${fault.name} | ${foundBy(outcome)} | ${secondsOf(outcome)} |`;
  });
  const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return [`## ${title}`, '', '| fault | found by | seconds |', '| --- | --- | ---: |', ...rows, ''];
}

function foundBy(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not asked yet';
  const { verdict } = outcome;
  switch (verdict) {
    case 'found':
      return `\`${outcome.file ?? ''}\`: ${cell(outcome.test ?? '')}`;
    case 'hung':
      return `\`${outcome.file ?? ''}\` hangs`;
    case 'survived':
      return '**nobody**';
    case 'open':
      return 'not asked to the end yet';
  }
  verdict satisfies never;
}

function secondsOf(outcome: Outcome | undefined): string {
  return outcome === undefined ? '' : outcome.seconds.toFixed(0);
}

function survivorLines(
  areas: readonly Area[],
  outcomes: Record<string, Outcome>,
  excuses: readonly Excuse[],
): string[] {
  const names = areas
    .flatMap(({ faults }) => faults.map((f) => f.name))
    .filter((name) => outcomes[name]?.verdict === 'survived');
  if (names.length === 0) return ['Nothing.'];
  const why = new Map(excuses.map((excuse) => [excuse.name, excuse.why]));
  return names.map((name) => `- \`${name}\`: ${why.get(name) ?? 'not explained yet'}`);
}

/** Text for a cell of a table. */
function cell(text: string): string {
  const short = text.length > 90 ? `${text.slice(0, 89)}…` : text;
  return short
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/[*_<>`]/g, '\\$&');
}
