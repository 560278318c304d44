/**
 * Plants the faults of faults/ one at a time and shows which test finds each: RESULTS.md and
 * results.json beside this file.
 *
 *     npx tsx test/mutation/run.ts [--resume] [--only NAME …] [--quick] [--minutes N]
 *                                  [--limit SECONDS] [--through COMMAND]
 *
 * `--resume` leaves out what is decided; `--only` asks anew about some faults; `--quick` asks the
 * tests that a fault names and no others; `--minutes` begins with no further fault after so long.
 * Ctrl-C loses nothing but the fault at hand.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ask, type Answer } from './ask.ts';
import { areas, excuses, missedAtFirst } from './faults/all.ts';
import type { Area, Fault } from './faults/fault.ts';
import { reportText, scoreOf } from './report.ts';
import { typeErrors } from './type-check.ts';
import { editOf, loadResults, saveResults, type Outcome } from './results.ts';
import { Workspace } from './workspace.ts';

const { values: options } = parseArgs({
  options: {
    resume: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1000' },
    limit: { type: 'string', default: '300' },
    through: { type: 'string', default: '' },
  },
});

const root = join(import.meta.dirname, '../..');
const resultsPath = join(import.meta.dirname, 'results.json');
const reportPath = join(import.meta.dirname, 'RESULTS.md');
/** The rest of the suite, from what takes little time to what takes much. */
const wider = [
  ['test/property'],
  ['test/unit/runtime-interpreter', 'test/unit/runtime/', 'test/unit/3-differentiate'],
  ['test/unit/cli-training', 'test/unit/cli/'],
  [],
];
const started = performance.now();
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());

const results = loadResults(
  resultsPath,
  areas.flatMap((area) => area.faults.map((fault) => fault.name)),
);
const due = areas.flatMap((area) => area.faults.filter(isDue).map((fault) => ({ area, fault })));
const wrong = typeErrors(
  root,
  due.map(({ fault }) => fault),
);
if (wrong.length > 0) {
  process.stderr.write(`TypeScript finds these faults itself:\n${wrong.join('\n')}\n`);
  process.exit(2);
}
const workspace = new Workspace(root);
try {
  for (const [i, { area, fault }] of due.entries()) {
    if (stopping.signal.aborted || minutes() > Number(options.minutes)) break;
    process.stderr.write(`${i + 1}/${due.length} ${fault.name}: `);
    const outcome = await outcomeOf(area, fault);
    if (outcome === undefined) break;
    results.outcomes[fault.name] = outcome;
    saveResults(resultsPath, results);
    process.stderr.write(`${outcome.verdict} ${outcome.file ?? ''} (${outcome.seconds} s)\n`);
  }
} finally {
  workspace.remove();
  await writeReport();
}
process.exitCode = stopping.signal.aborted ? 130 : 0;

function minutes(): number {
  return (performance.now() - started) / 60_000;
}

function isDue(fault: Fault): boolean {
  if (options.only.length > 0) return options.only.includes(fault.name);
  if (!options.resume) return true;
  const known = results.outcomes[fault.name];
  if (known?.edit !== editOf(fault)) return true;
  return known.verdict === 'open' && !(options.quick && known.passed.length >= fault.tests.length);
}

/** Undefined where the person has stopped it. */
async function outcomeOf(area: Area, fault: Fault): Promise<Outcome | undefined> {
  const begun = performance.now();
  const edit = editOf(fault);
  const known = results.outcomes[fault.name];
  const goesOn = options.only.length === 0 && known?.edit === edit;
  const passed = goesOn ? [...known.passed] : [];
  const told = (rest: Pick<Outcome, 'verdict' | 'file' | 'test'>): Outcome => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    return { ...rest, edit, seconds: seconds + (goesOn ? known.seconds : 0), passed };
  };
  try {
    const refused = workspace.plant(fault);
    if (refused !== undefined) return told({ verdict: 'found', file: '', test: refused });
    for (const paths of stagesOf(area, fault)) {
      const stage = paths.join(' ') || 'the whole suite';
      if (passed.includes(stage)) continue;
      const answer = await askAll(paths);
      if (answer.kind === 'stopped') return undefined;
      if (answer.kind === 'hung' && (await endsUntouched(fault, paths))) {
        return told({ verdict: 'hung', file: stage });
      }
      if (answer.kind === 'failed' && (await passesUntouched(fault, answer.file))) {
        return told({ verdict: 'found', file: answer.file, test: answer.test });
      }
      passed.push(stage);
    }
    return told({ verdict: options.quick ? 'open' : 'survived' });
  } finally {
    workspace.restore(root, fault);
  }
}

function stagesOf(area: Area, fault: Fault): readonly (readonly string[])[] {
  const own = fault.tests.map((path) => [path]);
  return options.quick ? own : [...own, area.tests, ...wider];
}

function askAll(paths: readonly string[]): Promise<Answer> {
  const through = options.through.split(' ').filter((word) => word !== '');
  const { folder } = workspace;
  const { signal } = stopping;
  const limitSeconds = Number(options.limit) * (paths.length === 0 ? 4 : 1);
  return ask({ folder, paths, limitSeconds, through, signal });
}

/** Whether it is the fault that the test fails by. */
async function passesUntouched(fault: Fault, file: string): Promise<boolean> {
  if (file === '') return true;
  const state = workspace.stateOf(file);
  if (results.untouched[file] === state) return true;
  const { kind } = await askUntouched(fault, [file]);
  if (kind === 'passed') results.untouched[file] = state;
  else process.stderr.write(`${file} does not pass on the untouched tree; `);
  return kind === 'passed';
}

/** Whether it is the fault that makes the tests hang, and no slow machine. */
async function endsUntouched(fault: Fault, paths: readonly string[]): Promise<boolean> {
  const { kind } = await askUntouched(fault, paths);
  return kind === 'passed' || kind === 'failed';
}

/** Leaves the fault planted. */
async function askUntouched(fault: Fault, paths: readonly string[]): Promise<Answer> {
  workspace.restore(root, fault);
  const answer = await askAll(paths);
  workspace.plant(fault);
  return answer;
}

async function writeReport(): Promise<void> {
  await writeFormatted(reportPath, reportText(areas, results.outcomes, excuses, missedAtFirst));
  await writeFormatted(resultsPath, JSON.stringify(results));
  const { found, survived, open } = scoreOf(areas, results.outcomes);
  process.stderr.write(`${found} found, ${survived} survive, ${open} open\n`);
}

async function writeFormatted(path: string, text: string): Promise<void> {
  const config = await resolveConfig(path);
  writeFileSync(path, await format(text, { ...config, filepath: path }));
}
