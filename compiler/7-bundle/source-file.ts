/** What the sources of a bundle's modules have in common. */
import { Project, VariableDeclarationKind, type SourceFile } from 'ts-morph';

/** Where the runtime's own modules are found; whoever assembles a bundle knows where that is. */
export const runtimeAlias = 'gatework-runtime';

export function newFile(name: string): SourceFile {
  return new Project({ useInMemoryFileSystem: true }).createSourceFile(name);
}

export function constant(file: SourceFile, name: string, initializer: string): void {
  file.addVariableStatement({
    declarationKind: VariableDeclarationKind.Const,
    declarations: [{ name, initializer }],
  });
}

/** Bundlers that follow addresses know them by this form, and by no other. */
export function addressSource(file: string): string {
  return `new URL(${JSON.stringify(`./${file}`)}, import.meta.url)`;
}
