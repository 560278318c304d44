/**
 * The door of phase 1. In: the text of a spec in any surface. Out: its syntax tree and all that is
 * wrong with it. Never throws, whatever the text; every span lies inside the text. The tree is
 * there after mistakes too (with `broken` parts), and undefined only when the text was refused.
 */
import type { Comment, SourceFile } from '../ast/types.ts';
import type { SourceText } from '../base/source.ts';
import { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { buildExpression } from './build-expression.ts';
import { bareModel, buildFile } from './build-file.ts';
import { wholeSource } from './fragment.ts';
import { parseFragment } from './parse-fragment.ts';
import type { Sink } from './parse-fragment.ts';
import { readYaml } from './yaml-file.ts';

/** `pipeline`: a bare pipeline; `gate`: definitions; `yaml`: either of them as YAML. */
export type Surface = 'pipeline' | 'gate' | 'yaml';

export interface ParseResult {
  readonly file: SourceFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** In UTF-16 units; the largest spec of the zoo has a few thousand. */
export const MAX_LENGTH = 1_000_000;
/** Of diagnostics for one spec; after these comes P2012. */
export const MAX_DIAGNOSTICS = 50;

export function parseSpec(source: SourceText, options: { surface?: Surface } = {}): ParseResult {
  const sink: Sink = { diagnostics: new Diagnostics(), comments: [] };
  const file = guarded(source, options.surface ?? surfaceOf(source), sink);
  return { file, diagnostics: limited(inOrder(sink.diagnostics.all)) };
}

/** By the file's name, or by how the text begins. */
export function surfaceOf(source: SourceText): Surface {
  if (/\.ya?ml$/i.test(source.name)) return 'yaml';
  const text = source.text.slice(beginning(source.text), MAX_LENGTH);
  if (text === '') return 'gate';
  // Two names in a row, or a name and `=` or `{`, begin a definition or statement, even mistyped.
  const name = String.raw`[\p{L}_][\p{L}\p{M}\p{N}_~'′]*`;
  const statement = new RegExp(
    String.raw`^(?:${name}[ \t]+(?:${name}|")|import\b\s*[{"]|${name}(?:<[^<>\n]*>)?\s*(?:=(?!=)|\{|:))`,
    'u',
  );
  return statement.test(text) || text.startsWith('}') ? 'gate' : 'pipeline';
}

/** The limits keep recursion shallow; this is for a caller whose stack is nearly used up. */
function guarded(source: SourceText, surface: Surface, sink: Sink): SourceFile | undefined {
  try {
    return readSpec(source, surface, sink);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const start = { source, start: 0, end: 0 };
    sink.diagnostics.error('L1007', 'the spec is nested too deeply to be read', start, {
      hint: 'name the inner parts and use the names',
    });
    return undefined;
  }
}

/** Offset of the first character that is neither white space nor in a comment. */
function beginning(text: string): number {
  const skipped = /[\s\uFEFF]+|#[^\n\r]*/uy;
  let at = 0;
  while (skipped.test(text)) at = skipped.lastIndex;
  return at;
}

function readSpec(source: SourceText, surface: Surface, sink: Sink): SourceFile | undefined {
  const whole = { source, start: 0, end: source.text.length };
  const start = { source, start: 0, end: 0 };
  if (source.text.length > MAX_LENGTH) {
    const size = (source.text.length / 1e6).toFixed(1);
    sink.diagnostics.error(
      'L1005',
      `the spec is ${size} million characters long; one million is the most`,
      start,
      {
        hint: 'data belongs in data files; split a long spec and join the parts with import',
      },
    );
    return undefined;
  }
  if (source.text.trim() === '') return empty(sink, start);
  const parts = surface === 'yaml' ? readYaml(source, sink) : readGate(source, surface, sink);
  if (parts === undefined) return sink.diagnostics.failed ? undefined : empty(sink, start);
  if (parts.definitions.length + parts.imports.length === 0 && !sink.diagnostics.failed) {
    return empty(sink, start);
  }
  const comments: readonly Comment[] = sink.comments.toSorted(
    (a, b) => a.span.start - b.span.start,
  );
  return { kind: 'file', ...parts, comments, span: whole };
}

function readGate(source: SourceText, surface: 'gate' | 'pipeline', sink: Sink) {
  const fragment = wholeSource(source);
  const parsed = parseFragment(fragment, surface === 'gate' ? 'file' : 'expression', sink);
  if (parsed === undefined) return undefined;
  if (surface === 'gate') return buildFile(parsed.cst, parsed.tree);
  const value = buildExpression(parsed.cst, parsed.tree, fragment.span(0, 0));
  return { imports: [], definitions: [bareModel(value)] };
}

function empty(sink: Sink, start: { source: SourceText; start: number; end: number }): undefined {
  sink.diagnostics.error('P2011', 'the spec is empty', start, {
    hint: 'write a pipeline such as `lstm(64) -> softmax(5)`, or `model name { … }`',
  });
  return undefined;
}

/** In the order of the text, however they were found. */
function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const start = (d: Diagnostic): number => d.primary?.span.start ?? 0;
  return found.toSorted((a, b) => start(a) - start(b));
}

/** The first of them, and P2012 in place of the others. */
export function limited(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const next = all[MAX_DIAGNOSTICS];
  if (next === undefined) return all;
  const note: Diagnostic = {
    code: 'P2012',
    severity: 'error',
    message: `there are more mistakes than these ${String(MAX_DIAGNOSTICS)}`,
    ...(next.primary === undefined ? {} : { primary: { span: next.primary.span, text: '' } }),
    secondary: [],
    hint: 'mend the first ones and check again',
  };
  return [...all.slice(0, MAX_DIAGNOSTICS), note];
}
