/**
 * The files that a spec imports, and that those import, each read once. A cycle or an endless chain
 * is a diagnostic at the import that closes it; a file that is not there is left to the elaborator,
 * which knows what is wanted from it.
 */
import type { SourceText } from '../base/source.ts';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import type { Import, SourceFile } from './types.ts';

/** Far above any sensible spec; keeps generated chains from exhausting the stack. */
const mostFiles = 256;

export interface ImportReader {
  /** The source text of an import; undefined where there is none. */
  load(path: string, from: SourceText): SourceText | undefined;
  /** Undefined when it cannot be read as a spec; reports why by itself. */
  parse(source: SourceText): SourceFile | undefined;
}

/** Looks up an import that has been collected. */
export type ImportLookup = (path: string, from: SourceText) => SourceFile | undefined;

/** N3101 a cycle, N3102 too many files. */
export function collectImports(
  root: SourceFile,
  reader: ImportReader,
  diagnostics: Diagnostics,
): ImportLookup {
  const files = new Map<string, SourceFile>([[root.span.source.name, root]]);
  const targets = new Map<string, string>();
  const key = (path: string, from: SourceText) => `${from.name}\n${path}`;
  const visit = (file: SourceFile, chain: readonly string[]): void => {
    for (const entry of file.imports) {
      const from = file.span.source;
      const source = reader.load(entry.path.text, from);
      if (source === undefined) continue;
      targets.set(key(entry.path.text, from), source.name);
      if (chain.includes(source.name)) reportCycle(entry, [...chain, source.name], diagnostics);
      if (files.has(source.name)) continue;
      if (files.size > mostFiles) {
        diagnostics.error('N3102', `more than ${mostFiles} files are imported`, entry.path.span);
        files.set(source.name, emptyFile(source));
        return;
      }
      const parsed = reader.parse(source) ?? emptyFile(source);
      files.set(source.name, parsed);
      visit(parsed, [...chain, source.name]);
    }
  };
  visit(root, [root.span.source.name]);
  return (path, from) => files.get(targets.get(key(path, from)) ?? '');
}

/** Stands for a file whose mistakes have been reported. */
function emptyFile(source: SourceText): SourceFile {
  const span = { source, start: 0, end: 0 };
  return { kind: 'file', imports: [], definitions: [], comments: [], span };
}

function reportCycle(entry: Import, chain: readonly string[], diagnostics: Diagnostics): void {
  const last = chain.at(-1) ?? '';
  const cycle = chain.slice(chain.indexOf(last)).join(' -> ');
  diagnostics.error('N3101', `${last} imports itself`, entry.path.span, {
    hint: `the way round is ${cycle}`,
  });
}
