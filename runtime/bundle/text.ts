/** Text and labels as inputs: what a bundle knows of its words, and of its classes. */
import { RuntimeFault } from '../artifact/executable.ts';
import { tokenize } from '../text/tokenize.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import type { Encode } from './examples.ts';

/** Ids of a text, or of text that is split already. */
export function encodeText(vocabulary: Vocabulary): Encode {
  return ({ element }, value) => {
    if (element !== 'words' && element !== 'characters') return undefined;
    if (typeof value !== 'string' && !isTexts(value)) return undefined;
    const tokens = typeof value === 'string' ? tokenize(value, vocabulary.kind) : value;
    return { numbers: vocabulary.encodeTokens(tokens), tokens };
  };
}

/** Ids of labels, or of one. Faults: R7801 for one that the model does not know. */
export function encodeLabels(labels: readonly string[]): Encode {
  return ({ element }, value) => {
    if (element !== 'class') return undefined;
    const given = typeof value === 'string' ? [value] : value;
    if (!isTexts(given)) return undefined;
    return { numbers: given.map((label) => idOf(label, labels)) };
  };
}

/** The first of these that knows the kind of value. */
export function firstEncoding(...all: readonly Encode[]): Encode {
  return (input, value) => {
    for (const encode of all) {
      const found = encode(input, value);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function idOf(label: string, labels: readonly string[]): number {
  const id = labels.indexOf(label);
  if (id !== -1) return id;
  const known = labels.slice(0, 10).join(', ');
  throw new RuntimeFault('R7801', `there is no label ${JSON.stringify(label)}`, `known: ${known}`);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}
