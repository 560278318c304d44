/**
 * Specs that read well but may mean nothing: a random well-typed spec, or a real one, in which
 * words and numbers have changed places or gone, token by token.
 */
import fc from 'fast-check';
import { realSpecs } from '../../support/specs.ts';
import { spec } from '../../../compiler/verify/arbitraries/models.ts';

const edit = fc.record({
  at: fc.nat(),
  other: fc.nat(),
  kind: fc.constantFrom<Edit['kind'][]>('replace', 'swap', 'drop', 'insert'),
  word: fc.constantFrom(
    ...[
      'x',
      'h',
      'y0',
      'n',
      'm',
      'T',
      'Tx',
      'B',
      'D',
      'V',
      'ids',
      'bu',
      'Wc',
      's0',
      'q',
      'lengths',
    ],
    ...['lstm', 'gru', 'embed', 'oneHot', 'last', 'pool', 'shift', 'softmax', 'sigmoid', 'tanh'],
    ...['bidirectional', 'concat', 'residual', 'stack', 'crossEntropy', 'ctc', 'mse', 'adam'],
    ...['cosine', 'zeros', 'normal', 'width', 'sum', 'max', 'identity', 'mean', 'true', 'none'],
    ...['0', '1', '2', '0.5', '1e12', '-1', '300', 'float', 'words', 'class', 'random', 'loss'],
  ),
});

interface Edit {
  readonly at: number;
  readonly other: number;
  readonly kind: 'replace' | 'swap' | 'drop' | 'insert';
  readonly word: string;
}

/** Names and numbers, the time index included, are what is exchanged. */
const words = /[\p{L}_][\p{L}\p{M}\p{N}_]*(?:<t[^>]*>)?|\d+(?:\.\d+)?/gu;

function edited(text: string, { at, other, kind, word }: Edit): string {
  const found = [...text.matchAll(words)];
  const [first, second] = [found[at % found.length], found[other % found.length]];
  if (first === undefined || second === undefined) return text;
  const swap = (match: RegExpExecArray | RegExpMatchArray, by: string): string => {
    const start = match.index ?? 0;
    return text.slice(0, start) + by + text.slice(start + match[0].length);
  };
  if (kind === 'replace') return swap(first, word);
  if (kind === 'drop') return swap(first, '');
  if (kind === 'insert') return swap(first, `${first[0]}(${word})`);
  return swap(first, second[0]);
}

export const mutatedSpec: fc.Arbitrary<string> = fc
  .record({
    text: fc.oneof(
      { weight: 3, arbitrary: spec({ dropout: true }).map((s) => s.text) },
      { weight: 1, arbitrary: fc.constantFrom(...realSpecs().map((s) => s.text)) },
    ),
    edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
  })
  .map(({ text, edits }) => edits.reduce(edited, text));
