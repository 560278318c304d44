/** The part of RESULTS.md that a run writes, between two comments; the rest is left as it is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { Results } from './results.ts';
import { markdown, ratioTable, readyTable, timeTable } from './tables.ts';

const begin = '<!-- Written by run.ts: begin -->';
const end = '<!-- Written by run.ts: end -->';

/** `picture` as seen from the page. */
export async function updatePage(file: string, results: Results, picture: string): Promise<void> {
  const page = readFileSync(file, 'utf8');
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${file} has no place for the results`);
  const head = page.slice(0, before + begin.length);
  const updated = `${head}\n\n${section(results, picture)}\n\n${page.slice(after)}`;
  writeFileSync(file, await format(updated, { ...(await resolveConfig(file)), filepath: file }));
}

function section(results: Results, picture: string): string {
  const { machine, node, date, load, minutes } = results.about;
  const absent = [
    ...results.skipped.map(({ peer, reason }) => `- ${peer} took no part: ${reason}`),
    ...results.failures.map(
      ({ workload, peer, threads, reason }) =>
        `- ${peer} with ${threads} on ${workload} failed: ${reason.split('\n')[0] ?? ''}`,
    ),
  ];
  const versions = [...new Set(results.timings.map((t) => t.about))];
  return [
    `${dayOf(date)}, ${machine}, Node ${node}, in ${minutes} minutes; load ${load.join(' before, ')} after.`,
    `![Time of one call by workload and contestant](${picture})`,
    'Median of a call; with one thread / with two:',
    markdown(timeTable(results)),
    'How many times as long as Gatework with as many threads:',
    markdown(ratioTable(results)),
    'From weights in memory to the first result, with one thread:',
    markdown(readyTable(results)),
    ...(absent.length === 0 ? [] : [absent.join('\n')]),
    `Versions: ${versions.join('; ')}.`,
  ].join('\n\n');
}

function dayOf(date: string): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(date).toLocaleDateString('en-GB', options);
}
