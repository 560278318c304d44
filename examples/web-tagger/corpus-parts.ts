/**
 * Sentences for training, for validation and for the end, by whole texts: a name of one text is
 * mostly nowhere else, so that the end has names that were never seen.
 */
import { brownTexts, type BrownText } from './brown.ts';
import { bare, firstNames, isInitial, namesIn, type NameSpan } from './people.ts';
import { drawsFrom, renamed } from './renamed.ts';
import { written, type WrittenSentence } from './written.ts';

export interface CorpusParts {
  readonly forTraining: readonly WrittenSentence[];
  readonly forValidation: readonly WrittenSentence[];
  /** All there are in the texts that are kept for the end. */
  readonly forTest: readonly WrittenSentence[];
}

/** Longer sentences are few, and would hold up the others of their batch. */
const longest = 200;

/** Of so many texts, taken from all over the corpus, or of all 500. */
export function corpusParts(count: number): CorpusParts {
  const corpus = brownTexts();
  const step = Math.max(1, Math.floor(corpus.length / count));
  const texts = corpus.filter((_, t) => t % step === 0);
  const names = namesIn(texts);
  const all = texts.map((text, t) => ({ text, names: names[t] ?? [], place: t % 10 }));
  const training = all.filter(({ place }) => place !== 4 && place !== 9);
  const others = otherNames(training);
  const draw = drawsFrom(1);
  return {
    forTraining: training.flatMap((one) => [
      ...sentencesOf(one.text, one.names, 4),
      ...sentencesOf(renamedText(one, others, draw), one.names, Infinity),
    ]),
    forValidation: all.flatMap(({ text, names, place }) => {
      return place === 4 ? sentencesOf(text, names, 4) : [];
    }),
    forTest: all.flatMap(({ text, names, place }) => {
      return place === 9 ? sentencesOf(text, names, 1, Infinity) : [];
    }),
  };
}

interface NamedText {
  readonly text: BrownText;
  readonly names: readonly (readonly NameSpan[])[];
}

/**
 * Those with a name in them; those with another proper noun, from which a model learns what is
 * none; and of the rest every `of`-th. A third as telephones write.
 */
function sentencesOf(
  { sentences }: BrownText,
  names: NamedText['names'],
  of: number,
  limit = longest,
): WrittenSentence[] {
  return sentences.flatMap((sentence, i) => {
    const found = names[i] ?? [];
    const isProper = of < Infinity && sentence.some(({ tag }) => tag.startsWith('np'));
    if (found.length === 0 && !isProper && i % of !== 0) return [];
    const one = written(sentence, found, i % 3 === 0);
    return one.text.length <= limit ? [one] : [];
  });
}

function renamedText(
  { text, names }: NamedText,
  others: readonly string[],
  draw: ReturnType<typeof drawsFrom>,
): BrownText {
  const sentences = text.sentences.map((sentence, i) => {
    return renamed(sentence, names[i] ?? [], others, draw);
  });
  return { ...text, sentences };
}

/** Parts of names that are no first names: each once. */
function otherNames(texts: readonly NamedText[]): string[] {
  const words = texts.flatMap(({ text, names }) =>
    names.flatMap((spans, i) =>
      spans.flatMap(({ start, end }) => (text.sentences[i] ?? []).slice(start, end).map(bare)),
    ),
  );
  return [...new Set(words)].filter(
    (word) => word.length > 2 && !isInitial(word) && !firstNames.has(word),
  );
}
