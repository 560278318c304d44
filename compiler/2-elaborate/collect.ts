/** The definitions that a spec can use: its own, imported ones, and the standard library. */
import type { CellDefinition, Import, ModelDefinition, SourceFile } from '../ast/types.ts';
import type { SourceText } from '../base/source.ts';
import { Diagnostics, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';

export type AnyDefinition = CellDefinition | ModelDefinition;

/** A parsed import; undefined where no such file could be read. */
export type ImportedFile = SourceFile | undefined;

/** Definitions that every spec can use; looked up singly, since most specs use few of them. */
export interface Library {
  readonly names: ReadonlySet<string>;
  find(name: string): AnyDefinition | undefined;
}

export interface Collected {
  readonly definitions: Definitions;
  readonly diagnostics: readonly Diagnostic[];
}

/** All that a spec can use: what it defines or imports goes before the library. */
export class Definitions {
  private readonly own: ReadonlyMap<string, AnyDefinition>;
  private readonly library: Library;
  private inLibrary: Definitions | undefined;

  constructor(own: ReadonlyMap<string, AnyDefinition>, library: Library) {
    this.own = own;
    this.library = library;
  }

  has(name: string): boolean {
    return this.own.has(name) || this.library.names.has(name);
  }

  /** What the library itself sees: a spec's own definitions do not change it. */
  get standard(): Definitions {
    this.inLibrary ??= new Definitions(new Map(), this.library);
    return this.inLibrary;
  }

  isStandard(definition: AnyDefinition): boolean {
    const name = definition.name.text;
    return this.library.names.has(name) && this.library.find(name) === definition;
  }

  get(name: string): AnyDefinition | undefined {
    return this.own.get(name) ?? this.library.find(name);
  }

  keys(): string[] {
    return [...new Set([...this.own.keys(), ...this.library.names])];
  }
}

export interface CollectOptions {
  readonly library: Library;
  readonly imports: (path: string, from: SourceText) => ImportedFile;
}

export function collectDefinitions(file: SourceFile, options: CollectOptions): Collected {
  const diagnostics = new Diagnostics();
  const definitions = new Map<string, AnyDefinition>();
  const visiting = new Set<string>([file.span.source.name]);
  for (const d of importedDefinitions(file, options, diagnostics, visiting)) {
    definitions.set(d.name.text, d);
  }
  const own = new Map<string, AnyDefinition>();
  for (const d of file.definitions) {
    const earlier = own.get(d.name.text);
    if (earlier !== undefined) {
      diagnostics.error('N3006', `${d.name.text} is defined twice`, d.name.span, {
        secondary: [{ span: earlier.name.span, text: 'first here' }],
      });
    }
    own.set(d.name.text, d);
    definitions.set(d.name.text, d);
  }
  return {
    definitions: new Definitions(definitions, options.library),
    diagnostics: diagnostics.all,
  };
}

/** Definitions behind the imports of a file, depth first; a circle is cut. */
function importedDefinitions(
  file: SourceFile,
  options: CollectOptions,
  diagnostics: Diagnostics,
  visiting: Set<string>,
): AnyDefinition[] {
  return file.imports.flatMap((i) => {
    const imported = options.imports(i.path.text, file.span.source);
    if (imported === undefined) {
      diagnostics.error('N3011', `there is no file ${i.path.text}`, i.path.span, {
        hint: 'paths are relative to the file that imports',
      });
      return [];
    }
    const name = imported.span.source.name;
    if (visiting.has(name)) return [];
    visiting.add(name);
    const behind = importedDefinitions(imported, options, diagnostics, visiting);
    return [...behind, ...namedDefinitions(i, imported, diagnostics)];
  });
}

function namedDefinitions(
  i: Import,
  imported: SourceFile,
  diagnostics: Diagnostics,
): readonly AnyDefinition[] {
  if (i.names === undefined) return imported.definitions;
  for (const name of i.names) {
    if (imported.definitions.some((d) => d.name.text === name.text)) continue;
    const near = nearest(
      name.text,
      imported.definitions.map((d) => d.name.text),
    );
    diagnostics.error('N3001', `${i.path.text} does not define ${name.text}`, name.span, {
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }
  // The others come along unnamed: what is imported may be written with them.
  return imported.definitions;
}
