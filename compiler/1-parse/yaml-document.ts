/**
 * YAML text to nodes with ranges. In: a source of at most MAX_LENGTH. Out: the root node, or
 * undefined with diagnostics (P202x). Depth and size are checked on the library's flat token tree,
 * before anything recursive runs; aliases are refused, so nothing is ever expanded.
 */
import { Composer, Parser } from 'yaml';
import type { CST, Document, ParsedNode, YAMLError } from 'yaml';
import type { Comment } from '../ast/types.ts';
import type { SourceText, Span } from '../base/source.ts';
import type { Sink } from './parse-fragment.ts';

/** Lists and maps inside each other; each may become a level of the tree. */
export const MAX_YAML_NESTING = 60;
export const MAX_YAML_NODES = 50_000;

export function readYamlDocument(source: SourceText, sink: Sink): ParsedNode | undefined {
  const tokens = [...new Parser().parse(source.text)];
  if (!survey(tokens, source, sink)) return undefined;
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(tokens, true, source.text.length)) {
    documents.push(document);
  }
  const [first, second] = documents;
  const errors = documents.flatMap((document) => document.errors);
  for (const error of withoutEchoes(errors, source)) report(error, source, sink);
  if (second !== undefined) {
    const start = clamp(second.range[0], source);
    sink.diagnostics.error(
      'P2020',
      'a spec is one YAML document',
      { source, start, end: start },
      {
        hint: 'leave out the line `---`',
      },
    );
  }
  return sink.diagnostics.failed ? undefined : (first?.contents ?? undefined);
}

type Part = CST.Token | CST.SourceToken;

/** Looks at every token without recursion; false when the document is refused. */
function survey(tokens: readonly CST.Token[], source: SourceText, sink: Sink): boolean {
  const open = tokens.map((part): { part: Part; depth: number } => ({ part, depth: 0 })).reverse();
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, depth } = next;
    count++;
    if (count > MAX_YAML_NODES)
      return refuse(part, 'L1006', 'the spec has too many parts', source, sink);
    if (depth > 2 * MAX_YAML_NESTING) {
      return refuse(
        part,
        'L1007',
        `lists and maps are nested more than ${String(MAX_YAML_NESTING)} deep`,
        source,
        sink,
      );
    }
    if (part.type === 'comment') sink.comments.push(comment(part, source));
    if (part.type === 'alias') {
      return refuse(part, 'P2023', 'aliases are not followed in a spec', source, sink);
    }
    const inner = partsOf(part);
    for (let i = inner.length - 1; i >= 0; i--) {
      const child = inner[i];
      if (child !== undefined) open.push({ part: child, depth: depth + 1 });
    }
  }
  return true;
}

/** In the order of the text; arrays are joined, not spread, since they can be very long. */
function partsOf(part: Part): readonly Part[] {
  const groups: (readonly Part[])[] = [];
  if ('start' in part) groups.push(Array.isArray(part.start) ? part.start : [part.start]);
  if ('props' in part) groups.push(part.props);
  if ('items' in part) {
    for (const item of part.items) {
      groups.push(
        item.start,
        item.key ? [item.key] : [],
        item.sep ?? [],
        item.value ? [item.value] : [],
      );
    }
  }
  if ('value' in part) groups.push([part.value]);
  if ('end' in part) groups.push(part.end);
  return groups.flat();
}

function refuse(part: Part, code: string, message: string, source: SourceText, sink: Sink): false {
  const start = clamp(part.offset, source);
  const length = 'source' in part && part.type === 'alias' ? part.source.length : 0;
  sink.diagnostics.error(
    code,
    message,
    { source, start, end: clamp(start + length, source) },
    {
      hint:
        code === 'P2023'
          ? 'write the value out where it is used'
          : 'write the inner parts as names of their own, or as pipeline strings',
    },
  );
  return false;
}

function comment(part: CST.SourceToken | CST.Token, source: SourceText): Comment {
  const start = clamp(part.offset, source);
  const text = 'source' in part ? part.source : '';
  const lineStart = source.text.lastIndexOf('\n', Math.max(0, start - 1)) + 1;
  return {
    text: text.slice(1).trim(),
    trailing: start > 0 && source.text.slice(lineStart, start).trim() !== '',
    span: { source, start, end: clamp(start + text.length, source) },
  };
}

/**
 * Where the structure of a text breaks, the library finds every part that follows unexpected. Such
 * echoes are left out, and so is what else the line of a mistake seems to have.
 */
function withoutEchoes(errors: readonly YAMLError[], source: SourceText): YAMLError[] {
  const lines = new Set<number>();
  return errors.filter(({ code, pos: [start] }, i) => {
    const line = source.text.lastIndexOf('\n', start - 1);
    const echo = i > 0 && (code === 'UNEXPECTED_TOKEN' || lines.has(line));
    lines.add(line);
    return !echo;
  });
}

function report(error: YAMLError, source: SourceText, sink: Sink): void {
  const start = clamp(error.pos[0], source);
  const span: Span = { source, start, end: Math.max(start, clamp(error.pos[1], source)) };
  const [line = ''] = error.message.split('\n');
  const said = line.charAt(0).toLowerCase() + line.slice(1);
  sink.diagnostics.error('P2020', `this is not YAML: ${said}`, span, {
    hint:
      'put a text with `: `, ` #` or a leading [ { & * ! | > % @ in quotes, ' +
      'and within { } or [ ] one with brackets or commas',
  });
}

function clamp(offset: number, source: SourceText): number {
  return Math.min(Math.max(0, offset), source.text.length);
}
