/**
 * The command line as the examples use it: a command is shown, and run in a process of its own, so
 * that a person can go on from there by hand.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Goes to the folder with package.json: commands and files are named as seen from there. */
export function enterPackage(): void {
  process.chdir(root);
  // Ctrl-C goes to both processes; the child saves its checkpoint, says so and ends this one too.
  process.on('SIGINT', () => undefined);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Shows a command and runs it on this terminal. Ends this process where the command fails. */
export async function shown(...args: readonly string[]): Promise<void> {
  say(`$ npx gatework ${args.map(quoted).join(' ')}\n`);
  await run(args, 'inherit');
}

/** Shows a command and draws its samples for whoever prints them in a way of their own. */
export async function samples(...args: readonly string[]): Promise<string[]> {
  const found = fieldOf(await answer('sample', ...args), 'samples');
  if (!Array.isArray(found)) throw new Error('the answer has no samples');
  return found.map((sample: unknown) => {
    const text = fieldOf(sample, 'text');
    return typeof text === 'string' ? text : '';
  });
}

/** Shows a command that evaluates the model of a folder on a file, for its loss in nats a token. */
export async function lossOn(file: string, folder: string): Promise<number> {
  const loss = fieldOf(await answer('eval', folder, '--data', file), 'loss');
  if (typeof loss !== 'number') throw new Error('the answer has no loss');
  return loss;
}

/** Loss on what was kept back from training, in nats a token: of the weights that were kept. */
export function validationLoss(folder: string): number {
  const record: unknown = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const loss = fieldOf(fieldOf(record, 'training'), 'validationLoss');
  if (typeof loss !== 'number') throw new Error(`${folder} has no validation loss`);
  return loss;
}

/** Of one character, the end of a text included, drawn without looking at its neighbours; nats. */
export function entropy(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  const count = (token: string): void => void counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const text of texts) {
    for (const character of text) count(character);
    count('end');
  }
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return [...counts.values()].reduce((sum, n) => sum - (n / total) * Math.log(n / total), 0);
}

/** Two levels up from a source, three from dist. */
function packageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : packageRoot(dirname(from));
}

const here = fileURLToPath(import.meta.url);
const root = packageRoot(dirname(here));
const commandLine = join(
  root,
  here.endsWith('.ts') ? 'compiler/cli/main.ts' : 'dist/compiler/cli/main.js',
);

async function answer(...args: readonly string[]): Promise<unknown> {
  say(`\n$ npx gatework ${args.map(quoted).join(' ')}\n`);
  return JSON.parse(await run([...args, '--json'], 'pipe'));
}

function run(args: readonly string[], stdout: 'inherit' | 'pipe'): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, commandLine, ...args], {
      stdio: ['inherit', stdout, 'inherit'],
    });
    const terminate = (): void => void child.kill('SIGTERM');
    process.on('SIGTERM', terminate);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('SIGTERM', terminate);
      if (code === 0) resolve(text);
      else process.exit(code ?? 1);
    });
  });
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word}'`;
}

function fieldOf(document: unknown, name: string): unknown {
  return new Map<string, unknown>(Object.entries(document ?? {})).get(name);
}
