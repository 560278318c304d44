/** Carets stand under what they mean, with wide characters, tabs and long lines too. */
import { describe, expect, it } from 'vitest';
import type { SourceText, Span } from '../../../compiler/base/source.ts';
import type { Diagnostic, Label } from '../../../compiler/diagnostics/diagnostic.ts';
import { toJson } from '../../../compiler/diagnostics/json.ts';
import { renderDiagnostic } from '../../../compiler/diagnostics/render.ts';

const spec: SourceText = {
  name: 'models/tagger.gate',
  text: 'embed(64)\n-> residual(lstm(128))\n',
};

function mark(source: SourceText, part: string, text = ''): Label {
  return { span: spanOf(source, part), text };
}

function spanOf(source: SourceText, part: string): Span {
  const start = source.text.indexOf(part);
  return { source, start, end: start + part.length };
}

function plain(primary: Label, rest: Partial<Diagnostic> = {}): string {
  const diagnostic: Diagnostic = {
    code: 'S4003',
    severity: 'error',
    message: 'a residual joins two different shapes',
    primary,
    secondary: [],
    ...rest,
  };
  return renderDiagnostic(diagnostic, { colour: false });
}

/** The source line and the caret line under it. */
function carets(text: string, part: string): string[] {
  return plain(mark({ name: 'a', text }, part))
    .split('\n')
    .slice(3);
}

describe('renderDiagnostic', () => {
  it('shows both sides of a clash and the hint', () => {
    const rendered = plain(mark(spec, 'lstm(128)', 'gives [batch, time, 128]'), {
      secondary: [mark(spec, 'embed(64)', 'gives [batch, time, 64]')],
      hint: 'use lstm(64), or end the residual with dense(64)',
    });
    expect(rendered).toBe(`error[S4003]: a residual joins two different shapes
 --> models/tagger.gate:2:13
  |
1 | embed(64)
  | --------- gives [batch, time, 64]
2 | -> residual(lstm(128))
  |             ^^^^^^^^^ gives [batch, time, 128]
  = hint: use lstm(64), or end the residual with dense(64)`);
  });

  it('shows a label in another file under its own name', () => {
    const other = { name: 'cells.gate', text: 'cell twist(n) { }\n' };
    const rendered = plain(mark(spec, 'embed'), { secondary: [mark(other, 'twist', 'here')] });
    expect(rendered.split('\n').slice(5)).toEqual([
      ' ::: cells.gate:1:6',
      '  |',
      '1 | cell twist(n) { }',
      '  |      ----- here',
    ]);
  });

  it('leaves out lines between labels', () => {
    const source = { name: 'a', text: `first\n${'\n'.repeat(8)}last\n` };
    const rendered = plain(mark(source, 'last'), { secondary: [mark(source, 'first')] });
    expect(rendered.split('\n').slice(3)).toEqual([
      ' 1 | first',
      '   | -----',
      '...',
      '10 | last',
      '   | ^^^^',
    ]);
  });

  it('puts carets under wide and combining characters and after tabs', () => {
    expect(carets('c\u0303 = tanh(x)', 'tanh')).toEqual(['1 | c\u0303 = tanh(x)', '  |     ^^^^']);
    expect(carets('漢字 = 語 + x', '語')).toEqual(['1 | 漢字 = 語 + x', '  |        ^^']);
    expect(carets('a😀 = x', 'x')).toEqual(['1 | a😀 = x', '  |       ^']);
    expect(carets('\ta\tb', 'b')).toEqual(['1 |     a   b', '  |         ^']);
  });

  it('makes signs visible that could hide what a line says', () => {
    expect(carets('a\u202eb\u0007 = x', 'x')).toEqual(['1 | a\ufffdb\ufffd = x', '  |        ^']);
  });

  it('shows the marked part of a long line', () => {
    const lines = carets(`${'a + '.repeat(100)}wrong${' + b'.repeat(100)}`, 'wrong');
    const [line = '', under = ''] = lines;
    expect(line.length).toBeLessThan(110);
    expect(line.slice(under.indexOf('^'), under.lastIndexOf('^') + 1)).toBe('wrong');
    expect(line).toMatch(/^1 \| ….*…$/);
  });

  it('marks an empty span with one caret, past the end of the line too', () => {
    const source = { name: 'a', text: 'lstm(8\nrelu' };
    const rendered = plain({ span: { source, start: 6, end: 6 }, text: '`)` is missing here' });
    expect(rendered.split('\n').slice(3)).toEqual([
      '1 | lstm(8',
      '  |       ^ `)` is missing here',
    ]);
  });

  it('marks the first line of a span over several', () => {
    expect(carets('f(a,\n  b)', 'f(a,\n  b)')).toEqual(['1 | f(a,', '  | ^^^^']);
  });

  it('needs no place, and colours only when asked', () => {
    const bare: Diagnostic = {
      code: 'R7001',
      severity: 'error',
      message: 'no such file',
      secondary: [],
    };
    expect(renderDiagnostic(bare, { colour: false })).toBe('error[R7001]: no such file');
    expect(renderDiagnostic(bare, { colour: true })).toContain('\u001b[31m');
  });
});

describe('toJson', () => {
  it('counts lines and columns from 1', () => {
    const diagnostic: Diagnostic = {
      code: 'S4003',
      severity: 'error',
      message: 'a residual joins two different shapes',
      primary: mark(spec, 'lstm(128)', 'gives 128'),
      secondary: [mark(spec, 'embed(64)', 'gives 64')],
      hint: 'use lstm(64)',
    };
    const place = { file: 'models/tagger.gate', line: 2, column: 13, endLine: 2, endColumn: 22 };
    const other = { file: 'models/tagger.gate', line: 1, column: 1, endLine: 1, endColumn: 10 };
    expect(toJson(diagnostic)).toEqual({
      code: 'S4003',
      severity: 'error',
      message: 'a residual joins two different shapes',
      ...place,
      labels: [
        { ...place, text: 'gives 128' },
        { ...other, text: 'gives 64' },
      ],
      hint: 'use lstm(64)',
    });
  });
});
