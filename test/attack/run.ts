/**
 * Attacks the compiler with random programs, on several processes, for as long as one likes.
 *
 *     npx tsx test/attack/run.ts [--seed S] [--from I] [--count N] [--jobs N] [--webgpu N]
 *                                [--minutes N] [--out FILE]
 *     npx tsx test/attack/run.ts --smallest I [--seed S]
 *
 * `--webgpu 10` sends every tenth program to a GPU as well; `--out` writes what was found as JSON,
 * from which record.ts makes RECORD.md; `--smallest` shrinks program I to what still falls. Ctrl-C
 * and `--minutes` begin no further program and keep what there is. Exits 1 where something fell.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { allowRelaxedSimd } from '../../compiler/cli/wasm/relaxed.ts';
import { attack } from './attack.ts';
import { programAt, smallestLike } from './program.ts';
import { LongRun } from './long-run.ts';
import { work, type Order, type Word } from './worker.ts';

/** After so long without a word, a program is said to hang. */
const patienceMs = 300_000;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '500' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    webgpu: { type: 'string', default: '0' },
    minutes: { type: 'string', default: '10000' },
    out: { type: 'string' },
    smallest: { type: 'string' },
  },
});
const seed = Number(options.seed);

if (process.send !== undefined) {
  const order = await new Promise<Order>((resolve) => process.once('message', resolve));
  await work(order, (word) => process.send?.(word));
  process.exit(0);
} else if (options.smallest !== undefined) {
  await printSmallest(Number(options.smallest));
} else {
  await runLong();
}

async function runLong(): Promise<void> {
  const [from, jobs] = [Number(options.from), Number(options.jobs)];
  const below = from + Number(options.count);
  const run = new LongRun(seed, from);
  const children = new Set<ChildProcess>();
  const stop = (): void => {
    run.stopped = true;
    for (const child of children) child.kill();
  };
  process.once('SIGINT', stop);
  const timer = setTimeout(stop, Number(options.minutes) * 60_000);
  const lanes = Array.from({ length: jobs }, async (_, lane) => {
    let next: number | undefined = from + lane;
    while (next !== undefined && next < below && !run.stopped) {
      const order = { seed, from: next, below, stride: jobs, webgpu: Number(options.webgpu) };
      const lost: number | undefined = await oneProcess(order, run, children);
      next = lost === undefined ? undefined : lost + jobs;
    }
  });
  await Promise.all(lanes);
  clearTimeout(timer);
  process.stderr.write('\n');
  process.stdout.write(run.told());
  if (options.out !== undefined) {
    writeFileSync(options.out, `${JSON.stringify(run.document(), null, 1)}\n`);
  }
  process.exitCode = run.failures.length === 0 ? 0 : 1;
}

/** Answers with the program that it was lost at, if it was. */
function oneProcess(
  order: Order,
  run: LongRun,
  children: Set<ChildProcess>,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const child = fork(import.meta.filename, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.add(child);
    let at = order.from;
    let timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.on('message', (word: Word) => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      if (word.kind === 'begin') at = word.index;
      run.take(word);
      if (word.kind === 'end') process.stderr.write(run.progress());
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      children.delete(child);
      if (code === 0 || run.stopped) return resolve(undefined);
      run.lose(at, `the process ended with ${signal ?? String(code)}`);
      resolve(at);
    });
    child.send(order);
  });
}

async function printSmallest(index: number): Promise<void> {
  allowRelaxedSimd();
  const names = (attempts: Awaited<ReturnType<typeof attack>>): string[] =>
    attempts.filter(({ wrong }) => wrong.length > 0).map(({ name }) => name);
  const first = new Set(names(await attack(programAt(seed, index))));
  if (first.size === 0) {
    process.stdout.write('nothing falls\n');
    return;
  }
  const falls = async (program: ReturnType<typeof programAt>): Promise<boolean> =>
    names(await attack(program)).some((name) => first.has(name));
  const smallest = await smallestLike(seed, index, falls);
  if (smallest === undefined) return;
  process.stdout.write(`${smallest.text}\n${JSON.stringify({ ...smallest, text: '' })}\n`);
  for (const { name, wrong } of await attack(smallest)) {
    if (wrong.length > 0) process.stdout.write(`${name}: ${wrong.join('\n')}\n`);
  }
}
