/** Comments that nothing in them can end. */
import { expect, test } from 'vitest';
import { commentLines, titleLine } from '../../../compiler/6-emit/wgsl/comments.ts';

test('each line is a comment, whatever ends it', () => {
  for (const end of ['\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029']) {
    expect(commentLines(`c̃ = tanh(x)${end}discard;`)).toEqual(['// c̃ = tanh(x)', '// discard;']);
  }
  expect(commentLines('')).toEqual(['//']);
});

test('what WGSL refuses, or an editor obeys, is replaced', () => {
  expect(commentLines('a\0b\ud835c\u202ed\te')).toEqual(['// a\ufffdb\ufffdc\ufffdd\ufffde']);
  expect(commentLines('𝛼 → β */')).toEqual(['// 𝛼 → β */']);
});

test('a title is one line', () => {
  expect(titleLine('lstm.l0')).toBe('// lstm.l0');
  expect(titleLine('lstm\nfn main() {}')).toBe('// lstm…');
  expect(titleLine('x'.repeat(10_000))).toBe(`// ${'x'.repeat(200)}…`);
});
