/** Runs of the real command line that are interrupted or killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gatework } from '../../support/command-line.ts';
import { nameSpec, someNames, Workshop } from '../../support/training-runs.ts';

/** Each process takes a second to start, on a busy machine several. */
const slow = 180_000;

const shop = new Workshop();
afterAll(() => shop.remove());

const spec = shop.file('letters.gate', nameSpec.replace('epochs = 3', 'epochs = 400'));
const data = shop.file('names.txt', someNames);
const root = join(import.meta.dirname, '../../..');

function start(...args: readonly string[]): { child: ChildProcess; ended: Promise<number | null> } {
  const main = join(root, 'compiler/cli/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return { child, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

test(
  'Ctrl-C saves and exits 130, and the run can be asked and resumed',
  async () => {
    const out = shop.path('interrupted');
    const { child, ended } = start('train', spec, '--data', data, '--out', out);
    await until(() => shop.has('interrupted', 'checkpoint.safetensors'));
    await pause(500);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(shop.has('interrupted', 'model.safetensors')).toBe(true);
    expect(gatework('sample', out, '--count', '2').status).toBe(0);
    const again = gatework('train', spec, '--data', data, '--out', out);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('R7604');
    const resumed = gatework(
      ...['train', spec, '--data', data, '--out', out, '--resume', '--steps', '1', '--json'],
    );
    expect(resumed.status).toBe(0);
    expect(resumed.stderr).toBe('');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ ok: true, model: 'letters' });
  },
  slow,
);

test(
  'kill -9 at any moment leaves a checkpoint that loads and goes on',
  async () => {
    const out = shop.path('killed');
    const args = ['train', spec, '--data', data, '--out', out];
    for (const [round, wait] of [0, 40, 130, 350, 700].entries()) {
      const { child, ended } = start(...args, ...(round === 0 ? [] : ['--resume']));
      await until(() => shop.has('killed', 'checkpoint.safetensors'));
      // A resumed run needs a moment until it writes; a killed one may be at any place in it.
      await pause(wait + (round === 0 ? 0 : 600));
      child.kill('SIGKILL');
      await ended;
      const sampled = gatework('sample', out, '--count', '1', '--json');
      expect(sampled.status, sampled.stderr).toBe(0);
    }
    const done = gatework(...args, '--resume', '--steps', '5', '--json');
    expect(done.status, done.stderr).toBe(0);
  },
  slow,
);
