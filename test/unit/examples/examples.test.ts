/** The programs under examples/, from the sources, with a few updates each. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Workshop } from '../../support/training-runs.ts';

/** An example starts several processes, each of which takes a second, on a busy machine several. */
const slow = 300_000;

const shop = new Workshop();
afterAll(() => shop.remove());

const root = join(import.meta.dirname, '../../..');

interface Finished {
  readonly status: number | null;
  readonly text: string;
}

/** `stopWhen` asks for what Ctrl-C does: a signal to the example and what it has started. */
async function example(
  name: string,
  args: readonly string[],
  stopWhen: () => boolean = () => false,
): Promise<Finished> {
  const main = join(root, 'examples', name, 'main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: root,
    detached: true,
  });
  const group = -(child.pid ?? 0);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  const watch = setInterval(() => {
    if (!stopWhen()) return;
    clearInterval(watch);
    process.kill(group, 'SIGINT');
  }, 20);
  const status = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearInterval(watch);
  return { status, text };
}

function stepsIn(...names: readonly string[]): number {
  if (!shop.has(...names)) return 0;
  return (
    shop
      .bytes(...names)
      .toString()
      .split('"kind":"step"').length - 1
  );
}

test(
  'names: trains, judges, invents and scores',
  async () => {
    const { status, text } = await example('names', ['--out', shop.path('names'), '--steps', '2']);
    expect(status, text).toBe(0);
    expect(text).toContain('8422 first names');
    expect(text).toContain('names: trained for 2 steps');
    expect(text).toMatch(/kept back from training the loss is \d\.\d{3} nats a character/);
    expect(text).toMatch(/perplexity +text[^]*Marianne[^]*Mrainaen/);
    expect(shop.has('names', 'curve.svg')).toBe(true);
  },
  slow,
);

test(
  'speeches: Ctrl-C keeps a checkpoint, and --resume goes on to bits a character and samples',
  async () => {
    const out = shop.path('speeches');
    const args = ['--out', out, '--speeches', '20', '--threads', '1'];
    const begun = (): boolean => shop.has('speeches', 'log.jsonl');
    const stopped = await example('speeches', [...args, '--steps', '60'], begun);
    expect(stopped.status, stopped.text).toBe(130);
    expect(stopped.text).toContain('--resume goes on from here');
    const done = stepsIn('speeches', 'log.jsonl');
    const steps = String(done + 2);
    const resumed = await example('speeches', [...args, '--resume', '--steps', steps]);
    expect(resumed.status, resumed.text).toBe(0);
    expect(resumed.text).toContain('20 speeches, 0.3 million characters.');
    expect(resumed.text).toContain(`speeches: trained for ${steps} steps`);
    expect(resumed.text).toMatch(/kept back for validation: \d\.\d{3} bits a character/);
    expect(resumed.text).toMatch(/never saw in any way: \d\.\d{3} bits a character/);
    expect(resumed.text).toMatch(/^ {2}The American people /m);
    expect(stepsIn('speeches', 'log.jsonl')).toBe(done + 2);
    expect(shop.has('speeches', 'curve.svg')).toBe(true);
  },
  slow,
);

test(
  'web-tagger: makes labels, trains, judges, and writes a site that a browser can keep',
  async () => {
    const args = ['--out', shop.path('tagger'), '--texts', '20', '--steps', '2', '--threads', '1'];
    const { status, text } = await example('web-tagger', args);
    expect(status, text).toBe(0);
    expect(text).toContain('tagger: trained for 2 steps');
    expect(text).toMatch(/the model +\d+\.\d % +\d+\.\d % +\d+\.\d %\n/);
    expect(text).toMatch(/capitalised, and not first +\d\d\.\d % +\d\d\.\d % +\d\d\.\d %\n/);
    const version = shop.bytes('tagger', 'version.js').toString();
    const kept = [...version.matchAll(/"\.\/(.+)"/g)].map(([, name]) => name ?? '');
    expect(kept).toContain('page.js');
    expect(kept).toContain('model/model.safetensors');
    expect(kept.filter((name) => !shop.has('tagger', name))).toEqual([]);
  },
  slow,
);
