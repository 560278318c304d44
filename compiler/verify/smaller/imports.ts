/**
 * A spec that needs no other file: definitions that it imports stand in it. Where two have the same
 * name, the one that is nearer to the spec stays; whether it still means the same is for its user
 * to find out.
 */
import type { Definition, SourceFile } from '../../ast/types.ts';
import type { SourceText } from '../../base/source.ts';
import { parseSource } from '../../pipeline.ts';

export type Load = (path: string, from: SourceText) => SourceText | undefined;

export function withImports(file: SourceFile, load: Load): SourceFile {
  const definitions = new Map<string, Definition>();
  const visited = new Set<string>();
  const visit = (from: SourceFile): void => {
    for (const one of [...from.definitions].reverse()) {
      if (!definitions.has(one.name.text)) definitions.set(one.name.text, one);
    }
    for (const { path } of from.imports) {
      const source = load(path.text, from.span.source);
      if (source === undefined || visited.has(source.name)) continue;
      visited.add(source.name);
      const { file: imported } = parseSource(source);
      if (imported !== undefined) visit(imported);
    }
  };
  visit(file);
  return { ...file, imports: [], definitions: [...definitions.values()].reverse() };
}
