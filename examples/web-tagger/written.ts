/**
 * From the words of a corpus to a sentence as a person writes it, with a label for each character:
 * `N` in a name and between the words of one, `O` elsewhere. A genitive is no part of a name.
 */
import type { TaggedWord } from './brown.ts';
import { bare, type NameSpan } from './people.ts';

export interface WrittenSentence {
  readonly text: string;
  /** Of each character, as `text` has it: `N` or `O`. */
  readonly labels: string;
}

/** `curly`: with the quotation marks and apostrophes of print and of telephones. */
export function written(
  sentence: readonly TaggedWord[],
  names: readonly NameSpan[],
  curly: boolean,
): WrittenSentence {
  let text = '';
  let labels = '';
  let glue = true;
  const add = (part: string, label: string): void => {
    text += part;
    labels += label.repeat(part.length);
  };
  sentence.forEach((one, i) => {
    const word = surfaceOf(one.word);
    // The corpus has some marks twice: `;/. ;/.`
    if (/^[;?!:]$/.test(word) && sentence[i - 1]?.word === word) return;
    const name = names.find(({ start, end }) => start <= i && i < end);
    if (!glue && !closesUp.test(one.word)) {
      add(' ', name !== undefined && name.start < i ? 'N' : 'O');
    }
    const length = name === undefined ? 0 : bare(one).length;
    add(word.slice(0, length), 'N');
    add(word.slice(length), 'O');
    glue = opensUp.test(one.word);
  });
  return { text: curly ? withCurlyMarks(text) : text, labels };
}

/** As a tagged file has it: a character and its label a line, a blank line after the sentence. */
export function tagged({ text, labels }: WrittenSentence): string {
  const lines = text.split('').map((character, i) => `${character}\t${labels.charAt(i)}\n`);
  return `${lines.join('')}\n`;
}

const closesUp = /^([.,;:?!)\]]|'')$/;
const opensUp = /^([([]|``)$/;

function surfaceOf(word: string): string {
  if (word === '``' || word === "''") return '"';
  return word === '--' ? '-' : word;
}

/** Mark for mark, so that labels stay where they are. */
function withCurlyMarks(text: string): string {
  return text
    .replace(/(^|[\s(])"/g, '$1“')
    .replace(/"/g, '”')
    .replace(/(^|[\s(])'/g, '$1‘')
    .replace(/'/g, '’')
    .replace(/ - /g, ' – ');
}
