/**
 * Times Gatework's training step, by the command line, on the two models that pytorch.py times and
 * at the same sizes. Prints JSON: for each model what `gatework bench --json` says of it. Options:
 * `--backend NAME` (webgpu if not said) and `--only MODEL`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Timed {
  readonly name: string;
  readonly batch: number;
  readonly time: number;
}

const models: readonly Timed[] = [
  { name: 'char-lm-256', batch: 32, time: 64 },
  { name: 'bidirectional-512', batch: 64, time: 128 },
];

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'webgpu' },
    only: { type: 'string', multiple: true },
  },
});

const wanted = models.filter(({ name }) => values.only?.includes(name) ?? true);
const results = wanted.map((model) => ({ ...model, report: timed(model, values.backend) }));
const node = process.version;
console.log(JSON.stringify({ node, backend: values.backend, results }, null, 2));

function timed({ name, batch, time }: Timed, backend: string): unknown {
  const main = join(import.meta.dirname, '../../../dist/compiler/cli/main.js');
  const spec = join(import.meta.dirname, `${name}.gate`);
  const dims = ['--dim', `B=${batch}`, '--dim', `T=${time}`];
  const run = spawnSync(
    process.execPath,
    [main, 'bench', spec, '--train', ...dims, '--backend', backend, '--reps', '20', '--json'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 600_000 },
  );
  if (run.status !== 0) return { failed: run.status ?? String(run.error ?? run.signal) };
  return JSON.parse(run.stdout);
}
