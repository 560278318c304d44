/** Texts to characters or words, and words to a text again. */
import { describe, expect, test } from 'vitest';
import { joinTokens, tokenize } from '../../../../runtime/text/tokenize.ts';

describe('tokenize', () => {
  test.each([
    ['the apple and pear salad.', ['the', 'apple', 'and', 'pear', 'salad', '.']],
    [
      "She didn't, well-known: «Ça va?»",
      ['She', "didn't", ',', 'well-known', ':', '«', 'Ça', 'va', '?', '»'],
    ],
    ['3.14 or 10,000. 5%', ['3.14', 'or', '10,000', '.', '5', '%']],
    ['<UNK> a<b', ['<UNK>', 'a', '<', 'b']],
    ["'quoted' dogs' -x-", ["'", 'quoted', "'", 'dogs', "'", '-', 'x', '-']],
    ['e\u0301te\u0301', ['e\u0301te\u0301']],
    [' \t\u00a0 ', []],
    ['', []],
  ])('words of %j', (text, tokens) => {
    expect(tokenize(text, 'words')).toEqual(tokens);
  });

  test('characters are code points', () => {
    expect(tokenize('a\u{1f600} b', 'characters')).toEqual(['a', '\u{1f600}', ' ', 'b']);
  });

  test('a word of megabytes, or one of a million parts, overflows no stack', () => {
    expect(tokenize('a'.repeat(5_000_000), 'words')).toHaveLength(1);
    expect(tokenize('a-'.repeat(1_000_000), 'words')).toHaveLength(2);
    expect(tokenize('<a'.repeat(100_000), 'words')).toHaveLength(200_000);
  });
});

describe('joinTokens', () => {
  test.each([
    ['The (first) salad, “she” said: 10,000!'],
    ['He said "no" and "yes".'],
    ["it isn't well-known; is it?"],
    [''],
  ])('writes %j again', (text) => {
    expect(joinTokens(tokenize(text, 'words'), 'words')).toBe(text);
  });
});
