/**
 * Writes RECORD.md from runs that `run.ts --out` left: `npx tsx test/attack/record.ts FILE…` takes
 * them into record.json, one run a seed and first program; without a file, the page alone is
 * written anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { FoundFailure, RunDocument, Tried } from './long-run.ts';

const recordFile = join(import.meta.dirname, 'record.json');
const pageFile = join(import.meta.dirname, 'RECORD.md');

const runs = new Map<string, RunDocument>();
for (const run of existsSync(recordFile) ? (read(recordFile) as RunDocument[]) : []) keep(run);
for (const file of process.argv.slice(2)) keep(read(file) as RunDocument);
const all = [...runs.values()];
writeFileSync(recordFile, `${JSON.stringify(all, null, 1)}\n`);
writeFileSync(pageFile, await format(page(all), { parser: 'markdown', printWidth: 100 }));

function keep(run: RunDocument): void {
  runs.set(`${run.seed} ${run.from}`, run);
}

/** Written by run.ts and by this file alone. */
function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function page(list: readonly RunDocument[]): string {
  const programs = list.reduce((sum, run) => sum + run.programs, 0);
  const failures = list.flatMap((run) => run.failures.map((f) => ({ ...f, seed: run.seed })));
  return `# Random programs

Written by \`npx tsx test/attack/record.ts\` from what \`run.ts\` found. Each program is a whole model:
cells of random equations, layers, combinators, losses, with numbers to run it on. All of them go
through their text and graphs there and back and laws of the oracle; by lot, through passes left out,
nothing fused, kernels as plain JS in poisoned memory, or a form of WebAssembly; some go to a GPU.

**${thousands(programs)} programs.** What fell is listed below; \`programs.test.ts\` asks for all of it again, so that
none is open. Made as small as it could be, it is pinned in \`pins.ts\`.

| seed | programs | from | Node | GPU | seconds | fell |
| ---: | ---: | ---: | --- | --- | ---: | ---: |
${list.map(runLine).join('\n')}

\`npx tsx test/attack/run.ts --seed S --from I --count N\` repeats any part of it.

## What fell

| seed | program | statement | then |
| ---: | ---: | --- | --- |
${failures.map(failureLine).join('\n')}

## What was tried

The error is the largest one, as a share of what is allowed.

| statement | times | error |
| --- | ---: | ---: |
${[...statementsOf(list)].sort().map(statementLine).join('\n')}
`;
}

function runLine(run: RunDocument): string {
  const adapters = run.adapters.length === 0 ? 'none' : run.adapters.join(', ');
  const { seed, programs, from, node, seconds, failures } = run;
  return `| ${seed} | ${thousands(programs)} | ${from} | ${node} | ${adapters} | ${seconds} | ${failures.length} |`;
}

function failureLine({ seed, index, name, wrong }: FoundFailure & { seed: number }): string {
  const [first = ''] = wrong.split('; ');
  return `| ${seed} | ${index} | ${name} | ${first.replaceAll('|', '\\|').slice(0, 120)} |`;
}

function statementsOf(list: readonly RunDocument[]): ReadonlyMap<string, Tried> {
  const sums = new Map<string, Tried>();
  for (const [name, tried] of list.flatMap((run) => Object.entries(run.statements))) {
    const { times, worst } = sums.get(name) ?? { times: 0, worst: 0 };
    sums.set(name, { times: times + tried.times, worst: Math.max(worst, tried.worst) });
  }
  return sums;
}

function statementLine([name, { times, worst }]: readonly [string, Tried]): string {
  const share = worst === 0 ? 'none' : `${Number((100 * worst).toPrecision(2))} %`;
  return `| ${name} | ${thousands(times)} | ${share} |`;
}

function thousands(n: number): string {
  return n.toLocaleString('en');
}
