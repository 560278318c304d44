/**
 * A spec with everything that it imports, as plain text: what a trained model's folder keeps, so
 * that the model can be used where the spec's own files are gone or have changed.
 */
import type { SourceText } from '../../base/source.ts';

export interface StoredSpec {
  /** As the user gave it; `<pipeline>` for a spec in quotes. */
  readonly name: string;
  readonly text: string;
  readonly imports: readonly StoredImport[];
}

export interface StoredImport {
  /** Name of the file that imports, and the path that it writes. */
  readonly from: string;
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

export type LoadImport = (path: string, from: SourceText) => SourceText | undefined;

/** Loads as `load` does and remembers what was found. */
export class ImportRecorder {
  private readonly found = new Map<string, StoredImport>();
  private readonly inner: LoadImport;

  constructor(load: LoadImport) {
    this.inner = load;
  }

  readonly load: LoadImport = (path, from) => {
    const source = this.inner(path, from);
    if (source !== undefined) {
      const key = JSON.stringify([from.name, path]);
      this.found.set(key, { from: from.name, path, name: source.name, text: source.text });
    }
    return source;
  };

  stored(source: SourceText): StoredSpec {
    return { name: source.name, text: source.text, imports: [...this.found.values()] };
  }
}

/** Finds the imports that a stored spec carries, and no others. */
export function storedImports(spec: StoredSpec): LoadImport {
  return (path, from) => {
    const found = spec.imports.find((i) => i.from === from.name && i.path === path);
    return found && { name: found.name, text: found.text };
  };
}

export function sameSpec(left: StoredSpec, right: StoredSpec): boolean {
  const texts = ({ text, imports }: StoredSpec): string =>
    JSON.stringify([text, imports.map((i) => [i.path, i.text])]);
  return texts(left) === texts(right);
}
