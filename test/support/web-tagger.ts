/**
 * The site of examples/web-tagger with a model that is there at once: small, and with weights that
 * nobody has trained. What it marks makes no sense, and is the same everywhere.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { askedOf, marksOf, piecesOf, type Mark } from '../../examples/web-tagger/page/pieces.js';
import type { Answer } from '../../runtime/bundle/load.ts';
import { Labels } from '../../runtime/text/labels.ts';
import { Vocabulary } from '../../runtime/text/vocabulary.ts';
import { filesOf, loaded, modelOf, writeFiles, type Files, type LoadedModel } from './bundles.ts';

const spec = `
model tagger(classes = 2) {
  input text: characters(V)[T]
  input label: class(classes)[T]
  output names = text -> embed(8) -> bidirectional(lstm(8)) -> softmax(classes)
  loss crossEntropy(names, label)
}`;

export interface Tagger {
  readonly bundle: Files;
  /** What the bundle says in Node, in the text as a whole. */
  marks(text: string): Promise<Mark[]>;
}

export async function smallTagger(): Promise<Tagger> {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,'-";
  const vocabulary = Vocabulary.build([letters], { kind: 'characters' });
  const labels = Labels.build(['N', 'O']);
  const { folder, remove } = writeFiles(new Map([['tagger.gate', spec]]));
  const dims = { V: vocabulary.size, classes: labels.size };
  const model = await modelOf(join(folder, 'tagger.gate'), { dims, init: 1 });
  remove();
  const files = await filesOf({ ...model, codec: { vocabulary, labels } });
  const bundle = await loaded(files, 'wasm');
  return { bundle: files, marks: (text) => marksBy(bundle, text) };
}

async function marksBy(bundle: LoadedModel, text: string): Promise<Mark[]> {
  const marks: Mark[] = [];
  let at = 0;
  for (const piece of piecesOf(text)) {
    const asked = askedOf(piece);
    const start = at + piece.indexOf(asked);
    at += piece.length;
    if (asked === '') continue;
    const [answer] = (await bundle.run([{ text: asked }])) as readonly Answer[];
    const { tokens = [], labels = [] } = answer?.names ?? {};
    for (const mark of marksOf(tokens, labels)) {
      marks.push({ start: start + mark.start, end: start + mark.end });
    }
  }
  return marks;
}

/** Over what is there. */
export function writeSite(folder: string, site: Files): void {
  for (const [name, content] of site) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** What the page shows under the field, once it has answers to all of it. */
export async function painted(
  page: Page,
): Promise<{ readonly text: string; readonly marks: Mark[] }> {
  await page.locator('body[aria-busy=false]').waitFor({ timeout: 20_000 });
  return page.evaluate(paintedScript);
}

const paintedScript = `(() => {
  const marks = [];
  const mirror = document.getElementById('mirror');
  let at = 0;
  for (const node of [...mirror.children].flatMap((piece) => [...piece.childNodes])) {
    const end = at + node.textContent.length;
    if (node.nodeName === 'MARK') marks.push({ start: at, end });
    at = end;
  }
  return { text: mirror.textContent.slice(0, at), marks };
})()`;
