/**
 * A diagnostic as people read it, with the lines of the spec and carets under what is meant:
 *
 *     error[S4003]: a residual joins two different shapes
 *      --> tagger.gate:2:13
 *       |
 *     1 | embed(64)
 *       | --------- gives [batch, time, 64]
 *     2 | -> residual(lstm(128))
 *       |             ^^^^^^^^^ gives [batch, time, 128]
 *       = hint: use lstm(64), or end the residual with dense(64)
 *
 * Carets stand under what they mark on a terminal with one or two columns a character.
 */
import { positionAt } from '../base/source.ts';
import type { SourceText } from '../base/source.ts';
import type { Diagnostic, Label } from './diagnostic.ts';
import { displayLine } from './display-width.ts';

export interface RenderOptions {
  /** ANSI colours, for terminals. */
  readonly colour: boolean;
}

export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = options.colour ? ansi : plain;
  const tone = diagnostic.severity === 'error' ? paint.red : paint.yellow;
  const marks = marksOf(diagnostic);
  const gutter = String(Math.max(0, ...marks.map((mark) => mark.line))).length;
  const lines = [
    paint.bold(`${tone(`${diagnostic.severity}[${diagnostic.code}]`)}: ${diagnostic.message}`),
  ];
  const draw: Drawing = { paint, tone, gutter, lines };
  const sources = [...new Set(marks.map((mark) => mark.source))];
  for (const source of sources) drawSource(draw, source, marks);
  if (diagnostic.hint !== undefined) {
    lines.push(
      `${' '.repeat(gutter)} ${paint.blue('=')} ${paint.bold('hint')}: ${diagnostic.hint}`,
    );
  }
  return lines.join('\n');
}

/** Several, with an empty line between. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions,
): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join('\n\n');
}

type Paint = Readonly<Record<'bold' | 'red' | 'yellow' | 'blue', (text: string) => string>>;

const plain: Paint = { bold: same, red: same, yellow: same, blue: same };
const ansi: Paint = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  red: (text) => `\u001b[31m${text}\u001b[39m`,
  yellow: (text) => `\u001b[33m${text}\u001b[39m`,
  blue: (text) => `\u001b[34m${text}\u001b[39m`,
};

function same(text: string): string {
  return text;
}

interface Drawing {
  readonly paint: Paint;
  readonly tone: (text: string) => string;
  readonly gutter: number;
  readonly lines: string[];
}

interface Mark {
  readonly source: SourceText;
  readonly line: number;
  readonly column: number;
  /** Offsets within the line; a span over several lines is marked on its first. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly primary: boolean;
}

function marksOf({ primary, secondary }: Diagnostic): Mark[] {
  const own = primary === undefined ? [] : [markOf(primary, true)];
  return [...own, ...secondary.map((label) => markOf(label, false))];
}

function markOf({ span, text }: Label, primary: boolean): Mark {
  const { source, start, end } = span;
  const { line, column } = positionAt(source, start);
  const from = column - 1;
  const width = lineText(source, start).length;
  const to = Math.max(from, Math.min(from + end - start, width));
  return { source, line, column, from, to, text, primary };
}

/** The whole line around an offset, without its end. */
function lineText(source: SourceText, offset: number): string {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const end = source.text.indexOf('\n', offset);
  return source.text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

function drawSource(draw: Drawing, source: SourceText, all: readonly Mark[]): void {
  const { paint, gutter, lines } = draw;
  const marks = all
    .filter((mark) => mark.source === source)
    .sort((a, b) => a.line - b.line || Number(b.primary) - Number(a.primary) || a.from - b.from);
  const main = marks.find((mark) => mark.primary) ?? marks[0];
  if (main === undefined) return;
  const arrow = main.primary ? '-->' : ':::';
  const place = `${source.name}:${String(main.line)}:${String(main.column)}`;
  lines.push(`${' '.repeat(gutter)}${paint.blue(arrow)} ${place}`, bar(draw));
  let last: number | undefined;
  for (const line of new Set(marks.map((mark) => mark.line))) {
    if (last !== undefined && line > last + 1) lines.push(paint.blue('...'));
    drawLine(
      draw,
      source,
      marks.filter((mark) => mark.line === line),
    );
    last = line;
  }
}

/** The text of one line, and under it a row of carets for each label. */
function drawLine(draw: Drawing, source: SourceText, marks: readonly Mark[]): void {
  const { paint, tone, gutter, lines } = draw;
  const [first] = marks;
  if (first === undefined) return;
  const text = lineText(source, offsetOfLine(source, first.line));
  const from = Math.min(...marks.map((mark) => mark.from));
  const to = Math.max(...marks.map((mark) => mark.to));
  const shown = displayLine(text, from, to);
  const number = String(first.line).padStart(gutter);
  lines.push(`${paint.blue(`${number} |`)} ${shown.text}`.trimEnd());
  for (const mark of marks) {
    const start = shown.column(mark.from);
    const width = Math.max(1, shown.column(mark.to) - start);
    const carets = (mark.primary ? '^' : '-').repeat(width);
    const said = mark.text === '' ? carets : `${carets} ${mark.text}`;
    const colour = mark.primary ? tone : paint.blue;
    lines.push(`${bar(draw)} ${' '.repeat(start)}${colour(said)}`);
  }
}

function bar({ paint, gutter }: Drawing): string {
  return `${' '.repeat(gutter)} ${paint.blue('|')}`;
}

function offsetOfLine(source: SourceText, line: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) offset = source.text.indexOf('\n', offset) + 1;
  return offset;
}
