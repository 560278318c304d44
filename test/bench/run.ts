/**
 * Gatework beside its peers, on the workloads of workloads/workloads.ts, in one run:
 *
 *   npx tsx test/bench/run.ts [--only W1a,W2b] [--peers ort-node,pytorch] [--threads 1,2]
 *                             [--reps N] [--python FILE] [--out FOLDER] [--smoke]
 *
 * A full run writes results/ and RESULTS.md; one with fewer workloads, peers or threads, and a
 * `--smoke` run, which tries small sizes only, writes to out/bench/, or to `--out`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { table } from '../../compiler/cli/table.ts';
import {
  measureWorkload,
  type Absence,
  type Plan,
  type Subject,
  type Timing,
} from './measure/measure.ts';
import { closeWorkshop, openWorkshop } from './measure/process.ts';
import {
  contestants,
  entrantsOf,
  lackOf,
  pythonWithTorch,
  type Contestant,
} from './peers/contestants.ts';
import { chart } from './report/chart.ts';
import { updatePage } from './report/page.ts';
import { load, machine, type Described, type Results } from './report/results.ts';
import { ratioTable, timeTable, type Table } from './report/tables.ts';
import { flopsOf } from './workloads/graph.ts';
import { workloads, type Workload } from './workloads/workloads.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    peers: { type: 'string' },
    threads: { type: 'string' },
    reps: { type: 'string' },
    python: { type: 'string' },
    out: { type: 'string' },
    smoke: { type: 'boolean', default: false },
  },
});

/** Enough for a smoke run: each cell and each mode. */
const smokeWorkloads = ['W1a', 'W1c', 'W2b', 'W3', 'W4'];

/** Contestants are found from here, by themselves and by their processes. */
process.chdir(join(import.meta.dirname, '../..'));
await main();

async function main(): Promise<void> {
  const { smoke } = values;
  const subjects = chosenWorkloads().map(subjectOf);
  const python = pythonWithTorch(values.python);
  const wanted = contestants.filter(({ name }) => isChosen(values.peers, name));
  const lacks = wanted.map((contestant) => ({ contestant, lack: lackOf(contestant, python) }));
  const able = lacks.flatMap(({ contestant, lack }) => (lack === undefined ? [contestant] : []));
  const skipped = lacks.flatMap(({ contestant, lack }) =>
    lack === undefined ? [] : [{ peer: contestant.name, reason: lack }],
  );
  for (const { peer, reason } of skipped) console.error(`skipped: ${peer}: ${reason}`);

  const start = Date.now();
  const loadBefore = load();
  const timings: Timing[] = [];
  const failures: Absence[] = [];
  const workshop = await openWorkshop('out/bench', python);
  process.once('exit', () => closeWorkshop(workshop));
  const plan: Plan = { workshop, ...effort(smoke) };
  for (const subject of subjects) {
    const { workload } = subject;
    console.error(`${workload.name}: ${workload.title} …`);
    const entrants = entrantsOf(workload, able, threadsFor);
    const measured = await measureWorkload(subject, entrants, plan);
    timings.push(...measured.timings);
    failures.push(...measured.failures);
    for (const { peer, threads, reason } of measured.failures) {
      console.error(`failed: ${peer} with ${threads}: ${reason}`);
    }
  }
  const results: Results = {
    about: {
      date: new Date().toISOString(),
      machine: machine(),
      node: process.version.slice(1),
      load: [loadBefore, load()],
      minutes: Math.round((Date.now() - start) / 6000) / 10,
      smoke,
    },
    workloads: subjects.map(described),
    timings,
    failures,
    skipped,
  };
  await report(results);
  if (failures.length > 0 || timings.length === 0) process.exitCode = 1;
}

async function report(results: Results): Promise<void> {
  const isFull =
    !results.about.smoke &&
    [values.only, values.peers, values.threads].every((flag) => flag === undefined);
  const folder = values.out ?? (isFull ? join(import.meta.dirname, 'results') : 'out/bench');
  mkdirSync(folder, { recursive: true });
  const json = await format(JSON.stringify(results), { parser: 'json', printWidth: 100 });
  writeFileSync(join(folder, 'peers.json'), json);
  if (results.timings.length > 0) writeFileSync(join(folder, 'peers.svg'), chart(results));
  if (isFull && values.out === undefined) {
    await updatePage(join(import.meta.dirname, 'RESULTS.md'), results, 'results/peers.svg');
  }
  console.log(`Median of a call, with one thread / with two:\n\n${text(timeTable(results))}\n`);
  const ratios = ratioTable(results);
  if (ratios.head.length > 1) {
    console.log(`By Gatework's with as many threads:\n\n${text(ratios)}\n`);
  }
  console.log(`${relative('.', folder)}: peers.json, peers.svg`);
}

function effort(smoke: boolean): Omit<Plan, 'workshop'> {
  const [reps = smoke ? 3 : 9] = numbers(values.reps) ?? [];
  return smoke
    ? { reps, warmUpMs: 20, sampleMs: 5, together: true }
    : { reps, warmUpMs: 1500, sampleMs: 150, together: false };
}

/** Whether peers can do with two threads is no matter of a smoke run. */
function threadsFor({ kind }: Contestant): readonly number[] {
  return numbers(values.threads) ?? (values.smoke && kind !== 'ours' ? [1] : [1, 2]);
}

function chosenWorkloads(): readonly Workload[] {
  const names = workloads.map(({ name }) => name);
  const unknown = listed(values.only)?.filter((name) => !names.some((known) => known === name));
  if (unknown !== undefined && unknown.length > 0) {
    throw new Error(`there is no workload ${unknown.join(', ')}; there are ${names.join(', ')}`);
  }
  const only = values.only ?? (values.smoke ? smokeWorkloads.join() : undefined);
  return workloads.filter(({ name }) => isChosen(only, name));
}

function subjectOf(workload: Workload): Subject {
  const sizes = values.smoke ? workload.smokeSizes : workload.sizes;
  return { workload, sizes, gflop: flopsOf(workload, sizes) / 1e9 };
}

function described({ workload, sizes, gflop }: Subject): Described {
  const { name, title } = workload;
  return { name, title, ...sizes, gflop };
}

function text({ head, rows }: Table): string {
  const right = head.map((_, i) => i).slice(1);
  return table(head, rows, right);
}

function isChosen(list: string | undefined, name: string): boolean {
  return listed(list)?.includes(name) ?? true;
}

function listed(list: string | undefined): readonly string[] | undefined {
  return list?.split(',').map((name) => name.trim());
}

function numbers(list: string | undefined): readonly number[] | undefined {
  return listed(list)?.map((item) => {
    const value = Number(item);
    if (!Number.isInteger(value) || value < 1) throw new Error(`${item} is no number from 1 on`);
    return value;
  });
}
