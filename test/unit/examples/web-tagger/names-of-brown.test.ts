/** How labels are made of a corpus with parts of speech, and how sentences are written from it. */
import { describe, expect, it } from 'vitest';
import type { BrownText, TaggedWord } from '../../../../examples/web-tagger/brown.ts';
import { capitalised, nameWords, scoresOf } from '../../../../examples/web-tagger/evaluate.ts';
import { namesIn } from '../../../../examples/web-tagger/people.ts';
import { drawsFrom, renamed } from '../../../../examples/web-tagger/renamed.ts';
import { tagged, written } from '../../../../examples/web-tagger/written.ts';

function sentence(pairs: string): TaggedWord[] {
  return pairs.split(' ').map((pair) => {
    const [word = '', tag = ''] = pair.split(/\/(?=[^/]*$)/);
    return { word, tag };
  });
}

function textOf(...sentences: readonly string[]): BrownText {
  return { name: 'ca01', sentences: sentences.map(sentence) };
}

/** The names of each sentence of one text. */
function names(...sentences: readonly string[]): string[][] {
  const text = textOf(...sentences);
  return (namesIn([text])[0] ?? []).map((spans, i) => {
    const words = text.sentences[i] ?? [];
    return spans.map(({ start, end }) =>
      words
        .slice(start, end)
        .map((w) => w.word)
        .join(' '),
    );
  });
}

describe('names in a text', () => {
  it.each([
    ['a first name begins one', 'Ivan/np Allen/np Jr./np won/vbd ./.', ['Ivan Allen Jr.']],
    ['so do initials', 'J./np R./np Ott/np left/vbd ./.', ['J. R. Ott']],
    [
      'a title stands before one',
      'Mrs./np Quix/np met/vbd Judge/nn-tl Pye/np ./.',
      ['Quix', 'Pye'],
    ],
    ['a genitive ends one', "Mary's/np$ John/np came/vbd ./.", ["Mary's", 'John']],
    ['months are none', 'In/in April/np it/pps rained/vbd ./.', []],
    ['places are none', 'Paris/np and/cc Georgia/np ./.', []],
    ['what goes on as a title is none', 'Mary/np-tl College/nn-tl opened/vbd ./.', []],
  ])('%s', (_, text, found) => {
    expect(names(text)).toEqual([found]);
  });

  it('come back without their first name in the same text, and in no other', () => {
    const [first, second] = ['Ivan/np Quix/np won/vbd ./.', 'Quix/np said/vbd so/rb ./.'];
    expect(names(first, second)).toEqual([['Ivan Quix'], ['Quix']]);
    expect(names(second)).toEqual([[]]);
  });

  it('are whoever speaks twice', () => {
    expect(names('Helva/np said/vbd no/rb ./.', 'Helva/np nodded/vbd ./.')).toEqual([
      ['Helva'],
      ['Helva'],
    ]);
  });
});

describe('a written sentence', () => {
  const words = sentence("``/`` Mary's/np$ aunt/nn Ann/np Lee/np ''/'' ,/, he/pps said/vbd ./.");
  const spans = [
    { start: 1, end: 2 },
    { start: 3, end: 5 },
  ];

  it('has a label for each character', () => {
    const { text, labels } = written(words, spans, false);
    expect(text).toBe(`"Mary's aunt Ann Lee", he said.`);
    expect(labels).toBe(`ONNNN${'O'.repeat(8)}NNNNNNN${'O'.repeat(11)}`);
    expect(tagged({ text: 'a b', labels: 'NOO' })).toBe('a\tN\n \tO\nb\tO\n\n');
  });

  it('has the same labels with the marks of print', () => {
    const { text, labels } = written(words, spans, true);
    expect(text).toBe('“Mary’s aunt Ann Lee”, he said.');
    expect(labels).toBe(written(words, spans, false).labels);
  });

  it('is of somebody else once renamed, and the same each time', () => {
    const once = renamed(words, spans, ['Quix'], drawsFrom(3));
    expect(renamed(words, spans, ['Quix'], drawsFrom(3))).toEqual(once);
    expect(once).not.toEqual(words);
    expect(once.length).toBe(words.length);
    expect(once[1]?.word).toMatch(/^\p{L}+'s$/u);
    expect(once.filter((_, i) => i === 0 || i === 2 || i > 4)).toEqual(
      words.filter((_, i) => i === 0 || i === 2 || i > 4),
    );
  });
});

describe('scores', () => {
  const one = { text: 'So Ann Lee met Tom.', labels: 'OOONNNNNNNOOOOONNNO' };

  it('count names from the first letter to the last', () => {
    const known = nameWords([{ text: 'Ann', labels: 'NNN' }]);
    const right = { start: 15, end: 18 };
    const found = [[{ start: 3, end: 6 }, right]];
    expect(scoresOf([one], found, known)).toEqual({
      precision: 0.5,
      recall: 0.5,
      f1: 0.5,
      unseen: 1,
    });
  });

  it('of capitals leave out the first word', () => {
    expect(capitalised(one).map(({ start, end }) => one.text.slice(start, end))).toEqual([
      'Ann Lee',
      'Tom',
    ]);
  });
});
