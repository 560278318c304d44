/**
 * A file of text to examples, whatever its format: a text (or tokens, where the file has split
 * them) with no label, one label, or one label a token. Nothing is a number yet.
 */
import { parse } from 'csv-parse/sync';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import {
  labelledJsonLines,
  labelledRows,
  taggedSentences,
  textLines,
  type LabelledText,
  type Row,
} from '../../../runtime/text/datasets.ts';
import { decodeUtf8 } from '../../../runtime/text/utf8.ts';
import type { TextFormat } from './data-format.ts';

export interface TextExample {
  /** Tokens where the file is split already. */
  readonly text: string | readonly string[];
  /** None, one, or one a token. */
  readonly labels: readonly string[];
  /** Line in the file, from 1. */
  readonly line: number;
}

/** Faults: R7201 (not UTF-8), R7202 (nothing in it), R7203 (columns), R7207 (JSON). */
export function readCorpus(format: TextFormat, bytes: Uint8Array, file: string): TextExample[] {
  const text = decodeUtf8(bytes, file);
  switch (format.kind) {
    case 'sequences':
      return textLines(text, file).map((l) => ({ text: l.text, labels: [], line: l.line }));
    case 'tagged':
      return taggedSentences(text, file).map(({ tokens, tags, line }) => ({
        text: tokens,
        labels: tags,
        line,
      }));
    case 'labelled':
      return labelledTexts(text, file).map((l) => ({
        text: l.text,
        labels: [l.label],
        line: l.line,
      }));
    default:
      return format satisfies never;
  }
}

/** By the file's ending; one that says nothing is TSV if its first line has a tab, else CSV. */
function labelledTexts(text: string, file: string): LabelledText[] {
  const lower = file.toLowerCase();
  if (lower.endsWith('.jsonl') || lower.endsWith('.ndjson')) return labelledJsonLines(text, file);
  const [head = ''] = text.split('\n', 1);
  const tabs = lower.endsWith('.tsv') || (!lower.endsWith('.csv') && head.includes('\t'));
  return labelledRows(tabs ? splitTabs(text) : parseCsv(text, file), file);
}

/** TSV has no quotes: a tab always separates. */
function splitTabs(text: string): Row[] {
  return text.split('\n').flatMap((content, i) => {
    return content.trim() === '' ? [] : [{ cells: content.split('\t'), line: i + 1 }];
  });
}

function parseCsv(text: string, file: string): Row[] {
  try {
    const records: unknown = parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    });
    return Array.isArray(records) ? records.flatMap(asRow) : [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeFault(
      'R7203',
      `${file}: not CSV: ${reason}`,
      'a text with a comma needs quotes',
    );
  }
}

function asRow(value: unknown): Row[] {
  if (typeof value !== 'object' || value === null) return [];
  const record: unknown = 'record' in value ? value.record : undefined;
  const info: unknown = 'info' in value ? value.info : undefined;
  if (!Array.isArray(record) || typeof info !== 'object' || info === null) return [];
  const line = 'lines' in info && typeof info.lines === 'number' ? info.lines : 0;
  return [{ cells: record.map(String), line }];
}
