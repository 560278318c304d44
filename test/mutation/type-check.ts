/**
 * Whether faults pass the compiler of TypeScript: one that does not is found by it, and shows
 * nothing about the tests. That something is no longer used does not count.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Fault } from './faults/fault.ts';
import { planted } from './plant.ts';

const unused: ReadonlySet<number> = new Set([6133, 6192, 6196, 6198]);

/** What TypeScript says about each fault in turn, one line each; faults in other files are fine. */
export function typeErrors(root: string, faults: readonly Fault[]): string[] {
  const texts = new Map<string, { readonly text: string; readonly version: number }>();
  const service = ts.createLanguageService(hostOf(root, texts));
  let version = 0;
  return faults.flatMap((fault) => {
    if (!fault.file.endsWith('.ts')) return [];
    const path = join(root, fault.file);
    const text = readFileSync(path, 'utf8');
    texts.set(path, { text: planted(text, fault), version: ++version });
    const found = [
      ...service.getSyntacticDiagnostics(path),
      ...service.getSemanticDiagnostics(path),
    ];
    texts.set(path, { text, version: ++version });
    return found
      .filter(({ code }) => !unused.has(code))
      .map((d) => `${fault.name}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
  });
}

function hostOf(
  root: string,
  texts: ReadonlyMap<string, { readonly text: string; readonly version: number }>,
): ts.LanguageServiceHost {
  const { sys } = ts;
  const parsed = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.build.json'), undefined, {
    ...sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, ' '));
    },
  });
  if (parsed === undefined) throw new Error('there is no tsconfig.build.json');
  return {
    getScriptFileNames: () => parsed.fileNames,
    getScriptVersion: (file) => String(texts.get(file)?.version ?? 0),
    getScriptSnapshot: (file) => {
      const text = texts.get(file)?.text ?? sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => parsed.options,
    getDefaultLibFileName: (of) => ts.getDefaultLibFilePath(of),
    fileExists: (path) => sys.fileExists(path),
    readFile: (path) => sys.readFile(path),
  };
}
