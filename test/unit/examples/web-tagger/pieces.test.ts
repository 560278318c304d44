/** Laws of pieces and marks, for any text at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedOf,
  marksOf,
  movedMarks,
  piecesOf,
  type Mark,
} from '../../../../examples/web-tagger/page/pieces.js';

const parts = [
  'Anna',
  'Mr.',
  'J.',
  ' ',
  '. ',
  '!',
  '\n',
  '…',
  '😀',
  '\u0301',
  'שלום',
  '\ud83d',
  'x',
];
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...parts), { maxLength: 400 }).map((all) => all.join('')),
);

/** A text with marks in it, in order, none of them empty. */
const marked = fc.tuple(texts, fc.array(fc.nat(), { maxLength: 8 })).map(([text, at]) => {
  const places = [...new Set(at.map((n) => n % (text.length + 1)))].sort((a, b) => a - b);
  const marks = places.flatMap((start, i) => {
    const end = places[i + 1];
    return i % 2 === 0 && end !== undefined ? [{ start, end }] : [];
  });
  return { text, marks };
});

describe('pieces of a text', () => {
  it('are the text, and none is long or ends within a character', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const pieces = piecesOf(text);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) {
          expect(piece.length).toBeGreaterThan(0);
          expect(piece.length).toBeLessThanOrEqual(300);
        }
        expect(pieces.join('\0').match(/[\ud800-\udbff]\0[\udc00-\udfff]/)).toBe(null);
      }),
    );
  });

  it('stay what they are where something is added at the end', () => {
    fc.assert(
      fc.property(texts, texts, (text, more) => {
        const old = piecesOf(text).slice(0, -1);
        expect(piecesOf(text + more).slice(0, old.length)).toEqual(old);
      }),
    );
  });

  it.each([
    ['Mr. J. R. Smith came. He sat.', ['Mr. J. R. Smith came. ', 'He sat.']],
    ['Who? Me! “Never.” Well…  yes', ['Who? ', 'Me! ', '“Never.” ', 'Well…  ', 'yes']],
    ['one\ntwo\n\n\nthree', ['one\n', 'two\n\n\n', 'three']],
    ['It cost 3.50 at no. 5', ['It cost 3.50 at no. ', '5']],
    ['太郎です。花子です。', ['太郎です。', '花子です。']],
  ])('%j', (text, pieces) => {
    expect(piecesOf(text)).toEqual(pieces);
  });

  it('are asked about without the space around them', () => {
    expect(askedOf('  Anna came. \n')).toBe('Anna came.');
    expect(askedOf(' \n')).toBe('');
  });
});

describe('marks of labels', () => {
  it('lie in the text, in order, around whole words', () => {
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.boolean()), (text, labels) => {
        const tokens = Array.from(text);
        const marks = marksOf(
          tokens,
          tokens.map(() => (labels.next().value === true ? 'N' : 'O')),
        );
        let last = 0;
        for (const { start, end } of marks) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(text.slice(start, end)).toMatch(/^[\p{L}\p{M}\p{N}]/u);
          expect(text.slice(start, end)).toMatch(/[\p{L}\p{M}\p{N}]$/u);
          const around = text.slice(0, start).at(-1) ?? ' ';
          expect(/[A-Za-z]/.test(around)).toBe(false);
          last = end;
        }
      }),
    );
  });

  it.each([
    ['Dr. Ann Lee’s cat', 'OOOONNNNNNNOOOOOO', ['Ann Lee']],
    ['J. R. Ott, Al', 'NNNNNNNNNOONN', ['J. R. Ott', 'Al']],
    ['J. R. Ott', 'NONNONNNN', ['J. R. Ott']],
    ['Hermione', 'NNNOONNN', ['Hermione']],
    ['Hermione', 'NNNOOOON', []],
    ['Ann Lee', 'NNNONNN', ['Ann', 'Lee']],
  ])('%j by %s', (text, labels, names) => {
    const marks = marksOf(Array.from(text), Array.from(labels));
    expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual(names);
  });
});

describe('marks after a change', () => {
  const wordsOf = (text: string, marks: readonly Mark[]): string[] => {
    return marks.map(({ start, end }) => text.slice(start, end));
  };

  it('stay where nothing changes', () => {
    fc.assert(
      fc.property(marked, ({ text, marks }) => {
        expect(movedMarks(marks, text, text)).toEqual(marks);
      }),
    );
  });

  it('lie in the new text, in order, whatever it is', () => {
    fc.assert(
      fc.property(marked, texts, ({ text, marks }, other) => {
        let last = 0;
        for (const { start, end } of movedMarks(marks, text, other)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(other.length);
          last = end;
        }
      }),
    );
  });

  it('go along with their words', () => {
    const before = 'Anna met Tom';
    const marks = [
      { start: 0, end: 4 },
      { start: 9, end: 12 },
    ];
    const after = (text: string): string[] => wordsOf(text, movedMarks(marks, before, text));
    expect(after('Anna never met Tom')).toEqual(['Anna', 'Tom']);
    expect(after('So Anna met Tom')).toEqual(['Anna', 'Tom']);
    expect(after('Anna met Tommy')).toEqual(['Anna', 'Tom']);
    expect(after('Anxna met Tom')).toEqual(['Anxna', 'Tom']);
    expect(after('Anna')).toEqual(['Anna']);
    expect(after('')).toEqual([]);
  });
});
