/**
 * Source text and spans into it. A span is a half-open range of UTF-16 offsets; every syntax node
 * and every diagnostic carries one, whichever surface (pipeline, .gate, YAML) it came from.
 */

export interface SourceText {
  /** File path as the user gave it, or `<pipeline>` for a spec in quotes. */
  readonly name: string;
  readonly text: string;
}

export interface Span {
  readonly source: SourceText;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset just past the last character; `end >= start`. */
  readonly end: number;
}

export interface Position {
  /** One-based. */
  readonly line: number;
  /** One-based, in UTF-16 units. */
  readonly column: number;
}

export function positionAt(source: SourceText, offset: number): Position {
  const before = source.text.slice(0, Math.max(0, offset));
  const lastBreak = before.lastIndexOf('\n');
  let line = 1;
  for (let i = before.indexOf('\n'); i !== -1; i = before.indexOf('\n', i + 1)) line++;
  return { line, column: before.length - lastBreak };
}

/** The smallest span that covers both; both must lie in one source. */
export function joinSpans(first: Span, last: Span): Span {
  return {
    source: first.source,
    start: Math.min(first.start, last.start),
    end: Math.max(first.end, last.end),
  };
}
