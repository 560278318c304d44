/**
 * The benchmark still runs, and Gatework's answers in it are the interpreter's. Its times are of
 * small sizes and of a busy machine, so that nothing is said of them. The peers are left out: they
 * are not installed with Gatework.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Results } from './report/results.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatework-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a smoke run checks and times Gatework on each kind of workload', { timeout: 240_000 }, () => {
  const script = join(import.meta.dirname, 'run.ts');
  const flags = ['--smoke', '--peers', 'gatework', '--reps', '3', '--out', folder];
  const run = spawnSync(process.execPath, ['--import', 'tsx', script, ...flags], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../..'),
  });
  expect(run.stderr).not.toContain('failed');
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('W2b');

  const results = JSON.parse(readFileSync(join(folder, 'peers.json'), 'utf8')) as Results;
  const timed = results.timings.map(({ workload, threads }) => `${workload} ${threads}`);
  const wanted = ['W1a', 'W1c', 'W2b', 'W3', 'W4'];
  expect(timed).toEqual(wanted.flatMap((name) => [`${name} 1`, `${name} 2`]));
  for (const { p25, median, p75, reps, difference } of results.timings) {
    expect(reps).toBe(3);
    expect(0 < p25 && p25 <= median && median <= p75).toBe(true);
    expect(difference).toBeLessThan(3e-5);
  }
  const picture = readFileSync(join(folder, 'peers.svg'), 'utf8');
  for (const name of wanted) expect(picture).toContain(`>${name}</text>`);
});
