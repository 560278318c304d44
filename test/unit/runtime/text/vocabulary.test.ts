/** Vocabularies: what they hold, in which order, and the way to JSON and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Vocabulary } from '../../../../runtime/text/vocabulary.ts';
import { faultOf } from '../../../support/fault.ts';

describe('building', () => {
  test('ids: <UNK>, <EOS>, then falling count, then code points', () => {
    const vocabulary = Vocabulary.build(['b a b', 'c a b'], { kind: 'words' });
    expect(vocabulary.tokens).toEqual(['<UNK>', '<EOS>', 'b', 'a', 'c']);
    expect(vocabulary.counts).toEqual([0, 0, 3, 2, 1]);
    expect(vocabulary.size).toBe(5);
  });

  test('equal counts follow code points, not UTF-16 units', () => {
    const vocabulary = Vocabulary.build(['\u{1f600}\uff5ea'], { kind: 'characters' });
    expect(vocabulary.tokens.slice(2)).toEqual(['a', '\uff5e', '\u{1f600}']);
  });

  test('minCount and maxSize leave the rare ones to <UNK>', () => {
    const texts = ['a a a b b c'];
    const frequent = Vocabulary.build(texts, { kind: 'words', minCount: 2 });
    expect(frequent.tokens.slice(2)).toEqual(['a', 'b']);
    const small = Vocabulary.build(texts, { kind: 'words', maxSize: 3 });
    expect(small.tokens.slice(2)).toEqual(['a']);
    expect([...small.encode('c a b')]).toEqual([0, 2, 0]);
  });

  test('lower-casing spares the special tokens, in building and encoding alike', () => {
    const vocabulary = Vocabulary.build(['The <UNK> the THE'], { kind: 'words', lowerCase: true });
    expect(vocabulary.tokens.slice(2)).toEqual(['the']);
    expect([...vocabulary.encode('tHe <UNK> <EOS>')]).toEqual([2, 0, 1]);
    const cased = Vocabulary.build(['The the'], { kind: 'words' });
    expect(cased.size).toBe(4);
  });
});

describe('coding', () => {
  test('decoding stops at <EOS>', () => {
    const vocabulary = Vocabulary.build(['abc'], { kind: 'characters' });
    expect(vocabulary.decode([...vocabulary.encode('cab'), 1, 2])).toBe('cab');
  });

  test('text of known characters comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const vocabulary = Vocabulary.build(texts, { kind: 'characters' });
        return texts.every((text) => vocabulary.decode(vocabulary.encode(text)) === text);
      }),
      { seed: 21 },
    );
  });

  test('an id outside is a fault', () => {
    const vocabulary = Vocabulary.build(['a'], { kind: 'words' });
    expect(faultOf(() => vocabulary.token(3)).code).toBe('R7206');
    expect(faultOf(() => vocabulary.token(-1)).code).toBe('R7206');
  });
});

describe('as JSON', () => {
  test('comes back the same, whatever the text', () => {
    const options = fc.record({
      kind: fc.constantFrom('characters' as const, 'words' as const),
      lowerCase: fc.boolean(),
      minCount: fc.integer({ min: 1, max: 3 }),
    });
    const unit = fc.oneof(fc.constant('a'), fc.constant('__proto__ '), fc.string());
    fc.assert(
      fc.property(fc.array(fc.string({ unit })), options, (texts, settings) => {
        const vocabulary = Vocabulary.build(texts, settings);
        const back = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)), 'v.json');
        expect(back).toEqual(vocabulary);
        for (const text of texts) expect(back.encode(text)).toEqual(vocabulary.encode(text));
      }),
      { seed: 22 },
    );
  });

  const sound = { kind: 'words', lowerCase: false, tokens: ['<UNK>', '<EOS>'], counts: [0, 0] };
  test.each([
    ['no object', 7],
    ['another kind', { ...sound, kind: 'bytes' }],
    ['no lowerCase', { ...sound, lowerCase: 'no' }],
    ['tokens that are no text', { ...sound, tokens: ['<UNK>', '<EOS>', 3] }],
    ['other special tokens', { ...sound, tokens: ['<EOS>', '<UNK>'] }],
    ['a token twice', { ...sound, tokens: ['<UNK>', '<EOS>', 'a', 'a'], counts: [0, 0, 1, 1] }],
    ['too few counts', { ...sound, counts: [0] }],
  ])('refuses %s', (_name, value) => {
    const fault = faultOf(() => Vocabulary.fromJSON(value, 'v.json'));
    expect(fault.code).toBe('R7204');
    expect(fault.message).toContain('v.json');
  });
});
