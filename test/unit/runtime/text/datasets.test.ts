/** Lines, tagged sentences and labelled rows, with the faults of each. */
import { describe, expect, test } from 'vitest';
import {
  labelledJsonLines,
  labelledRows,
  taggedSentences,
  textLines,
} from '../../../../runtime/text/datasets.ts';
import { faultOf } from '../../../support/fault.ts';

describe('textLines', () => {
  test('skips empty lines and knows the others by number', () => {
    expect(textLines('Anna\n\n  Ben  \n', 'n')).toEqual([
      { text: 'Anna', line: 1 },
      { text: 'Ben', line: 3 },
    ]);
    expect(textLines('one', 'n')).toHaveLength(1);
  });

  test.each(['', '\n \n'])('%j has no text', (text) => {
    const fault = faultOf(() => textLines(text, 'names.txt'));
    expect(fault.code).toBe('R7202');
    expect(fault.message).toContain('names.txt');
  });
});

describe('taggedSentences', () => {
  test('tabs or spaces, the tag in the last column, documents and comments skipped', () => {
    const text =
      '-DOCSTART- -X- O O\n\n# id 1\nNew York\tB-LOC\n.\tO\n\n\nHarry NNP I-NP B-PER\nran VB O O';
    expect(taggedSentences(text, 'ner.txt')).toEqual([
      { tokens: ['New York', '.'], tags: ['B-LOC', 'O'], line: 4 },
      { tokens: ['Harry', 'ran'], tags: ['B-PER', 'O'], line: 8 },
    ]);
  });

  test('white space before a tab is a token', () => {
    expect(taggedSentences('A\tN\n \tO\nb\tO\n \n\u00a0\tO\n', 'ner.txt')).toEqual([
      { tokens: ['A', ' ', 'b'], tags: ['N', 'O', 'O'], line: 1 },
      { tokens: ['\u00a0'], tags: ['O'], line: 5 },
    ]);
    expect(faultOf(() => taggedSentences('a\tN\n\tO\n', 'ner.txt')).code).toBe('R7203');
  });

  test('a token without a tag is named by line', () => {
    const fault = faultOf(() => taggedSentences('a O\nb\n', 'ner.txt'));
    expect(fault.code).toBe('R7203');
    expect(fault.message).toMatch(/^ner\.txt: line 2: "b"/);
  });

  test('a file without sentences', () => {
    expect(faultOf(() => taggedSentences('\n', 'ner.txt')).code).toBe('R7202');
  });
});

describe('labelledRows', () => {
  const row = (line: number, ...cells: string[]): { line: number; cells: string[] } => ({
    line,
    cells,
  });

  test('with a heading, by name; without, text then label', () => {
    const headed = [row(1, 'Label', 'id', 'Text'), row(2, 'pos', '1', 'good ')];
    expect(labelledRows(headed, 'f')).toEqual([{ text: 'good', label: 'pos', line: 2 }]);
    expect(labelledRows([row(1, 'good', 'pos')], 'f')).toEqual([
      { text: 'good', label: 'pos', line: 1 },
    ]);
  });

  test.each([
    ['R7202', /no row/, []],
    ['R7202', /heading/, [row(1, 'text', 'label')]],
    ['R7203', /line 2: 3 columns instead of 2/, [row(1, 'a', 'b'), row(2, 'a', 'b', 'c')]],
    ['R7203', /line 1: 1 columns instead of 2/, [row(1, 'a')]],
    ['R7203', /line 3: the label is empty/, [row(1, 'text', 'label'), row(3, 'a', ' ')]],
  ])('%s: %s', (code, message, rows) => {
    const fault = faultOf(() => labelledRows(rows, 'r.csv'));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain('r.csv');
  });
});

describe('labelledJsonLines', () => {
  test('reads text, numbers and truth values as labels', () => {
    const text = '{"text":"good","label":1}\n\n{"text":"bad","label":false}';
    expect(labelledJsonLines(text, 'f')).toEqual([
      { text: 'good', label: '1', line: 1 },
      { text: 'bad', label: 'false', line: 3 },
    ]);
  });

  test.each([
    ['R7207', /line 2 is not JSON/, '{"text":"a","label":"b"}\n{'],
    ['R7207', /line 1 has no field "label"/, '{"text":"a"}'],
    ['R7207', /line 1 has no field "text"/, 'null'],
    ['R7207', /no field "text"/, '{"text":["a"],"label":"b"}'],
    ['R7203', /line 1: the text is empty/, '{"text":"","label":"b"}'],
    ['R7202', /r\.jsonl/, ''],
  ])('%s: %s', (code, message, text) => {
    const fault = faultOf(() => labelledJsonLines(text, 'r.jsonl'));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
  });

  test('a field of the prototype is no field', () => {
    const columns = { text: 'text', label: 'toString' };
    expect(faultOf(() => labelledJsonLines('{"text":"a"}', 'f', columns)).code).toBe('R7207');
  });
});
