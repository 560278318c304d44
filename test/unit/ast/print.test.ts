/** The canonical form: layout, comments, and that printing it again changes nothing. */
import { describe, expect, it } from 'vitest';
import { sameTree } from '../../../compiler/ast/equal.ts';
import { printFile } from '../../../compiler/ast/print.ts';
import { realSpecs, tree } from '../../support/specs.ts';

function format(text: string): string {
  return printFile(tree(text));
}

describe('printFile', () => {
  it.each(realSpecs())('$name: same tree, and the same text the second time', ({ name, text }) => {
    const file = tree(text, name);
    const printed = printFile(file);
    expect(sameTree(tree(printed), file)).toBe(true);
    expect(format(printed)).toBe(printed);
  });

  it('keeps comments where they were', () => {
    const text = `# head
import "a.gate"  # first

# about m

# more
model m(a = 10_000) {  # open
  # dangling
  output y = x  # source
    # before embed
    -> embed(16)  # wide
    -> f(3)  # last
  a = 1  # one

  # two
  b = 2

  # end
}  # after

cell c(n) {
  if a == b {  # then
    c = 1
    # end of then
  } else {  # otherwise
    # first of else
    d = 2
  }
}

layer empty { }
# tail
`;
    expect(format(text)).toBe(text);
  });

  it('moves comments within a statement behind it', () => {
    expect(format('cell c {\n  a = f(1, # one\n    # two\n    2)\n  b = 3\n}\n')).toBe(
      'cell c {\n  a = f(1, 2)  # one\n  # two\n  b = 3\n}\n',
    );
  });

  it('writes names as on the slide, and σ in cells alone', () => {
    expect(format('cell c { Gu = sigmoid(Wu[c~<t-1>] + bu) emit σ }')).toBe(
      'cell c {\n  Γu = σ(Wu[c\u0303<t-1>] + bu)\n  emit sigmoid\n}\n',
    );
    expect(format('model m { output y = x -> σ(3) }')).toContain('x -> sigmoid(3)');
  });

  it.each([
    'a - (b - c) - d',
    '(a + b) * c / (d / e)',
    '-a ^ -2',
    '(-a) ^ 2 ^ b',
    '(a ^ b) ^ c',
    '-(a + b) - -c',
    '(a -> b) -> c -> f(d -> e)',
    '(a -> b) * 2',
    'a == b + 1',
    'a < b == (b >= c)',
    'f([Wi, [Wf, -Wo]], "a\\"b\\\\\\n", k = [])',
  ])('writes no parentheses but those of %s', (text) => {
    expect(format(text)).toBe(`${text}\n`);
  });

  it.each([
    ['10000', '10_000'],
    ['9999', '9999'],
    ['1000000.5', '1000000.5'],
    ['.5', '0.5'],
    ['0.00001', '1e-5'],
    ['1e12', '1e12'],
    ['123456789012', '123_456_789_012'],
    ['1e999', '1e999'],
    ['0', '0'],
  ])('writes the number %s as %s', (text, printed) => {
    expect(format(`f(${text})`)).toBe(`f(${printed})\n`);
  });

  it('breaks long pipelines and settings', () => {
    const stages = Array.from({ length: 9 }, (_, i) => `bidirectional(lstm(${String(i)}))`);
    expect(format(stages.join(' -> '))).toBe(`${stages.join('\n  -> ')}\n`);
    const settings = Array.from({ length: 12 }, (_, i) => `setting${String(i)} = 3`);
    expect(format(`model m { train adam(), ${settings.join(', ')} }`)).toBe(
      `model m {\n  train adam(),\n    ${settings.join(',\n    ')}\n}\n`,
    );
  });

  it('keeps one empty line between statements, none at the ends of a block', () => {
    expect(format('model m {\n\n  a = 1\n\n\n\n  b = 2\n  c = 3\n\n}\n\n\nmodel n { }')).toBe(
      'model m {\n  a = 1\n\n  b = 2\n  c = 3\n}\n\nmodel n { }\n',
    );
  });
});
