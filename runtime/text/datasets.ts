/**
 * Text files to examples, as pure functions on text: lines, tagged sentences, labelled texts.
 * `file` names the file in faults, which carry the line (from 1). Text comes from `decodeUtf8`.
 */
import { RuntimeFault } from '../artifact/executable.ts';

export interface TextLine {
  readonly text: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

export interface TaggedSentence {
  readonly tokens: readonly string[];
  /** One a token. */
  readonly tags: readonly string[];
  /** Line of its first token. */
  readonly line: number;
}

export interface LabelledText extends TextLine {
  readonly label: string;
}

/** A row of a TSV or CSV file, split by whoever knows the format. */
export interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The columns (or JSON fields) that hold text and label. */
export interface TextColumns {
  readonly text: string;
  readonly label: string;
}

/** Every line with something on it is one sequence. Faults: R7202 for a file without any. */
export function textLines(text: string, file: string): TextLine[] {
  const lines = text
    .split('\n')
    .map((content, i) => ({ text: content.trim(), line: i + 1 }))
    .filter((line) => line.text !== '');
  return some(lines, `${file}: no text in it`);
}

/**
 * CoNLL: one token a line, its tag in the last column after a tab or spaces; a blank line ends a
 * sentence. White space before a tab is a token, as among characters it is one. Skipped:
 * `-DOCSTART-` lines, and in a file with tabs `#` comments, which have none. Faults: R7202, R7203.
 */
export function taggedSentences(text: string, file: string): TaggedSentence[] {
  const sentences: TaggedSentence[] = [];
  let tokens: string[] = [];
  let tags: string[] = [];
  let first = 1;
  const finish = (): void => {
    if (tokens.length > 0) sentences.push({ tokens, tags, line: first });
    tokens = [];
    tags = [];
  };
  const tabbed = text.includes('\t');
  text.split('\n').forEach((content, i) => {
    if (tabbed && content.startsWith('#') && !content.includes('\t')) return;
    const columns = columnsOf(content);
    const token = columns[0] ?? '';
    if (token === '' || token === '-DOCSTART-') {
      finish();
      return;
    }
    const tag = columns.at(-1) ?? '';
    if (columns.length < 2 || tag === '') {
      throw new RuntimeFault(
        'R7203',
        `${file}: line ${i + 1}: ${JSON.stringify(content.slice(0, 60))} has no tag`,
        'write the token, a tab and its tag; an empty line ends a sentence',
      );
    }
    if (tokens.length === 0) first = i + 1;
    tokens.push(token);
    tags.push(tag);
  });
  finish();
  return some(sentences, `${file}: no tagged sentence in it`);
}

/** The first is of white space alone only where a tag follows it. */
function columnsOf(line: string): string[] {
  if (!line.includes('\t')) return line.trim().split(/\s+/);
  const space = /^[^\S\t]+(?=\t+\S)/.exec(line)?.[0];
  const columns = line.trim().split(/\t+/);
  const trimmed = columns.map((column) => column.trim());
  return space === undefined ? trimmed : [space, ...trimmed];
}

/**
 * Rows of a table to texts with labels. A first row that names both columns is a heading; without
 * one a row is text, then label. Faults: R7202, R7203.
 */
export function labelledRows(
  rows: readonly Row[],
  file: string,
  columns: TextColumns = { text: 'text', label: 'label' },
): LabelledText[] {
  const [head] = rows;
  if (head === undefined) throw new RuntimeFault('R7202', `${file}: no row in it`);
  const names = head.cells.map((cell) => cell.trim().toLowerCase());
  const text = names.indexOf(columns.text.toLowerCase());
  const label = names.indexOf(columns.label.toLowerCase());
  const headed = text >= 0 && label >= 0;
  const width = headed ? names.length : 2;
  const examples = (headed ? rows.slice(1) : rows).map((row) => {
    if (row.cells.length !== width) {
      throw new RuntimeFault(
        'R7203',
        `${file}: line ${row.line}: ${row.cells.length} columns instead of ${width}`,
        headed
          ? 'every row needs the columns of the first'
          : `write text and label, or begin with a row that names the columns ` +
              `${columns.text} and ${columns.label}`,
      );
    }
    const cell = (at: number): string => (row.cells[at] ?? '').trim();
    const example = { text: cell(headed ? text : 0), label: cell(headed ? label : 1) };
    return complete({ ...example, line: row.line }, file);
  });
  return some(examples, `${file}: only a heading in it`);
}

/** One JSON object a line with the two fields. Faults: R7202, R7203, R7207. */
export function labelledJsonLines(
  text: string,
  file: string,
  columns: TextColumns = { text: 'text', label: 'label' },
): LabelledText[] {
  return textLines(text, file).map(({ text: json, line }) => {
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      throw new RuntimeFault('R7207', `${file}: line ${line} is not JSON`);
    }
    const read = (name: string): string => {
      const found: unknown =
        typeof value === 'object' && value !== null
          ? Object.getOwnPropertyDescriptor(value, name)?.value
          : undefined;
      if (typeof found === 'string') return found.trim();
      if (typeof found === 'number' || typeof found === 'boolean') return String(found);
      throw new RuntimeFault(
        'R7207',
        `${file}: line ${line} has no field ${JSON.stringify(name)} with text in it`,
      );
    };
    return complete({ text: read(columns.text), label: read(columns.label), line }, file);
  });
}

function complete(example: LabelledText, file: string): LabelledText {
  for (const name of ['text', 'label'] as const) {
    if (example[name] === '') {
      throw new RuntimeFault('R7203', `${file}: line ${example.line}: the ${name} is empty`);
    }
  }
  return example;
}

function some<T>(items: T[], message: string): T[] {
  if (items.length === 0) throw new RuntimeFault('R7202', message);
  return items;
}
