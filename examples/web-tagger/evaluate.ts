/** How well names are found: exactly those, from the first letter to the last. */
import { marksOf, type Mark } from './page/pieces.js';
import type { WrittenSentence } from './written.ts';

export interface Scores {
  readonly precision: number;
  readonly recall: number;
  /** The harmonic mean of both. */
  readonly f1: number;
  /** Recall among names none of whose words is in a name of the training texts. */
  readonly unseen: number;
}

/** `found`: the marks of each sentence. */
export function scoresOf(
  sentences: readonly WrittenSentence[],
  found: readonly (readonly Mark[])[],
  known: ReadonlySet<string>,
): Scores {
  const count = { names: 0, marks: 0, right: 0, unseen: 0, unseenRight: 0 };
  sentences.forEach((sentence, i) => {
    const marks = new Set((found[i] ?? []).map(key));
    const names = namesOf(sentence);
    const isUnseen = ({ start, end }: Mark): boolean =>
      wordsOf(sentence.text.slice(start, end)).every((word) => !known.has(word));
    const unseen = names.filter(isUnseen);
    const isRight = (name: Mark): boolean => marks.has(key(name));
    count.names += names.length;
    count.marks += marks.size;
    count.right += names.filter(isRight).length;
    count.unseen += unseen.length;
    count.unseenRight += unseen.filter(isRight).length;
  });
  const precision = count.right / Math.max(1, count.marks);
  const recall = count.right / Math.max(1, count.names);
  const f1 = (2 * count.right) / Math.max(1, count.marks + count.names);
  return { precision, recall, f1, unseen: count.unseenRight / Math.max(1, count.unseen) };
}

/** Words of the names of these sentences. */
export function nameWords(sentences: readonly WrittenSentence[]): Set<string> {
  const names = sentences.flatMap((sentence) => {
    return namesOf(sentence).map(({ start, end }) => sentence.text.slice(start, end));
  });
  return new Set(names.flatMap(wordsOf));
}

/** What needs no learning: capitalised words, side by side one name, but for a sentence's first. */
export function capitalised({ text }: WrittenSentence): Mark[] {
  const [first = ''] = /^[^\p{L}]*[\p{L}\p{M}\p{N}'’.-]*\s*/u.exec(text) ?? [];
  const runs = text
    .slice(first.length)
    .matchAll(/\p{Lu}[\p{L}\p{M}]*(?:\.? \p{Lu}[\p{L}\p{M}]*)*/gu);
  return [...runs].map(({ 0: run, index }) => {
    return { start: first.length + index, end: first.length + index + run.length };
  });
}

/** By the labels, through the same rules as what a model says. */
function namesOf({ text, labels }: WrittenSentence): Mark[] {
  return marksOf(text.split(''), labels.split(''));
}

function wordsOf(name: string): string[] {
  return name.match(/\p{L}[\p{L}\p{M}]+/gu) ?? [];
}

function key({ start, end }: Mark): string {
  return `${start}-${end}`;
}
