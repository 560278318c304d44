/**
 * A page that marks names while somebody types: names of the Brown corpus are made from its parts
 * of speech, the model of tagger.gate learns them letter by letter, and what it makes of texts that
 * it never saw is told. The bundle and the page then lie in one folder, for any server of files.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { enterPackage, say, shown } from '../command-line.ts';
import { corpusParts, type CorpusParts } from './corpus-parts.ts';
import { capitalised, nameWords, scoresOf, type Scores } from './evaluate.ts';
import { marksOf, type Mark } from './page/pieces.js';
import { policies, serveFolder } from './serve.ts';
import { siteFiles } from './site.ts';
import { tagged, type WrittenSentence } from './written.ts';

const spec = 'examples/web-tagger/tagger.gate';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/web-tagger' },
    steps: { type: 'string' },
    texts: { type: 'string' },
    threads: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    serve: { type: 'boolean', default: false },
    port: { type: 'string', default: '8080' },
  },
});
const { out } = values;
const training = `${out}-training`;
const bundle = join(out, 'model');

await main();

async function main(): Promise<void> {
  enterPackage();
  const isBuilt = existsSync(join(out, 'index.html')) && existsSync(join(bundle, 'index.js'));
  if (!values.serve || !isBuilt) await make();
  if (values.serve) await serve();
}

async function make(): Promise<void> {
  const parts = corpusParts(textCount());
  writeData(parts);
  await train();
  await shown('build', training, '-o', bundle, '--precision', 'f16');
  const scores = await judge(parts);
  writeSite(scores);
  if (!values.serve) whatNext();
}

/** Fewer leave nothing for the end. */
function textCount(): number {
  const count = Number(values.texts ?? Infinity);
  if (!(count >= 10)) throw new Error('--texts must be a number from 10');
  return count;
}

function writeData({ forTraining, forValidation, forTest }: CorpusParts): void {
  mkdirSync(training, { recursive: true });
  writeFileSync(join(training, 'training.tsv'), forTraining.map(tagged).join(''));
  writeFileSync(join(training, 'validation.tsv'), forValidation.map(tagged).join(''));
  writeFileSync(join(training, 'test.tsv'), forTest.map(tagged).join(''));
  const characters = forTraining.reduce((sum, { text }) => sum + text.length, 0);
  say(`${forTraining.length} sentences of the Brown corpus to learn from, with`);
  say(
    `${(characters / 1e6).toFixed(1)} million characters; ${forTest.length} are kept for the end.`,
  );
  say('Which words are names was decided by rules (people.ts), not by people.\n');
}

async function train(): Promise<void> {
  const { steps, threads } = values;
  if (steps === undefined) say('Training takes some seven minutes on two cores.');
  await shown(
    ...['train', spec, '--data', join(training, 'training.tsv')],
    ...['--validation', join(training, 'validation.tsv'), '--out', training],
    ...['--threads', threads, '--force'],
    ...(steps === undefined ? [] : ['--steps', steps]),
  );
}

/** Of the bundle that is to be shipped, as the page uses it. */
async function judge({ forTraining, forTest }: CorpusParts): Promise<Scores> {
  const known = nameWords(forTraining);
  const scores = scoresOf(forTest, await markedByModel(forTest), known);
  say('\nNames found exactly, in texts that training never saw:\n');
  say('                                precision  recall     F1');
  const row = (title: string, { precision, recall, f1 }: Scores): void => {
    const figures = [precision, recall, f1].map((x) => `${(100 * x).toFixed(1)} %`.padStart(8));
    say(`  ${title.padEnd(28)}  ${figures.join(' ')}`);
  };
  row('the model', scores);
  row('capitalised, and not first', scoresOf(forTest, forTest.map(capitalised), known));
  say(`\nOf the names without a word that was in a name before, it finds`);
  say(`${(100 * scores.unseen).toFixed(1)} %. The labels are made by rules, and wrong in places.`);
  return scores;
}

/** As the types of the bundle have it, which are not there before it is built. */
interface Tagger {
  run(examples: readonly { readonly text: string }[]): Promise<
    readonly {
      readonly names: { readonly tokens: readonly string[]; readonly labels: readonly string[] };
    }[]
  >;
}

async function markedByModel(sentences: readonly WrittenSentence[]): Promise<Mark[][]> {
  const address = pathToFileURL(resolve(bundle, 'index.js')).href;
  const { load } = (await import(address)) as {
    readonly load: () => Promise<Tagger>;
  };
  const model = await load();
  const marks: Mark[][] = [];
  for (let i = 0; i < sentences.length; i += 16) {
    const answers = await model.run(sentences.slice(i, i + 16).map(({ text }) => ({ text })));
    marks.push(...answers.map(({ names }) => marksOf(names.tokens, names.labels)));
  }
  return marks;
}

/** Files of an older page go; the bundle is there already. */
function writeSite(scores: Scores): void {
  const names = ['index.js', 'webgpu.js', 'javascript.js', 'model.wasm', 'model.safetensors'];
  const files = new Map(names.map((name) => [name, readFileSync(join(bundle, name))]));
  const manifest: unknown = JSON.parse(readFileSync(join(bundle, 'manifest.json'), 'utf8'));
  const { parameters } = manifest as { readonly parameters: number };
  const site = siteFiles(files, { ...scores, parameters });
  for (const [name, content] of site) {
    if (name.startsWith('model/')) continue;
    rmSync(join(out, name), { force: true });
    writeFileSync(join(out, name), content);
  }
}

async function serve(): Promise<void> {
  try {
    const { origin } = await serveFolder(out, Number(values.port), policies.wasm);
    say(`\n${origin}/ shows the page; Ctrl-C ends this.`);
    process.once('SIGINT', () => process.exit(130));
  } catch (error) {
    say(`There is no server on port ${values.port}: ${String(error)}. Try another --port.`);
    process.exitCode = 1;
  }
}

function whatNext(): void {
  say(`
${out}/ is a site: a page and, in ${bundle}/, the model as a bundle. Any server of files
will do, by https where it is not this machine. To see it here:

  npm run tagger -- --serve

Then add ?backend=wasm (or webgpu, javascript) and ?thread=main to the address.`);
}
