/**
 * The declarations of an app's imports of specs, in one file. TypeScript resolves no query, so each
 * import is a module whose name begins with an asterisk, and such a name sees no folder: two specs
 * of one name cannot be told apart, and load as what is not known.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { makeFolder, writeAside } from '../cli/files.ts';
import type { GateworkOptions } from './options.ts';

const header = `/** Types of the specs that are imported, by gatework. Generated: to commit, not to edit. */
`;

interface Declared {
  /** The specs that it may be, seen from the file of declarations. */
  readonly specs: readonly string[];
  readonly body: string;
}

/** The file, or undefined where none is wanted. */
export function declarationsFile(
  root: string,
  types: GateworkOptions['types'],
): string | undefined {
  if (types === false) return undefined;
  if (types !== undefined) return resolve(root, types);
  if (!existsSync(join(root, 'tsconfig.json'))) return undefined;
  return join(root, existsSync(join(root, 'src')) ? 'src' : '', 'gatework-env.d.ts');
}

/**
 * Adds an import, or brings it up to date, and leaves out specs that are gone. Returns the specs
 * that cannot be told apart from this one.
 */
export function declareImport(
  file: string,
  spec: string,
  query: string,
  declarations: string,
): readonly string[] {
  const folder = dirname(file);
  const name = basename(spec) + (query === '' ? '' : `?${query}`);
  const own = relative(folder, spec).replaceAll('\\', '/');
  const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const all = new Map(
    declaredIn(known).flatMap(([known, { specs, body }]): [string, Declared][] => {
      const there = specs.filter((path) => existsSync(join(folder, path)));
      return there.length === 0 ? [] : [[known, { specs: there, body }]];
    }),
  );
  const others = (all.get(name)?.specs ?? []).filter((path) => path !== own);
  const body = others.length === 0 ? inModule(declarations) : unknownModel;
  all.set(name, { specs: [own, ...others].sort(), body });
  const text = header + [...all].sort(byName).map(printed).join('');
  if (text !== known) {
    makeFolder(folder);
    writeAside(file, text);
  }
  return others;
}

const unknownModel = `  export function load(options?: object): Promise<unknown>;
  const model: { readonly load: typeof load };
  export default model;
`;

/** Declarations of a module, as they stand in one that is declared. */
function inModule(declarations: string): string {
  const own = `${declarations.replaceAll(/^export declare /gm, 'export ').trimEnd()}
/** The model, to be loaded. */
const model: { readonly load: typeof load };
export default model;
`;
  return own.replaceAll(/^(?=.)/gm, '  ');
}

function printed([name, { specs, body }]: readonly [string, Declared]): string {
  return `
// ${specs.join(' and ')}
declare module ${JSON.stringify(`*/${name}`)} {
${body}}
`;
}

/** What `printed` has written. */
function declaredIn(text: string): [string, Declared][] {
  const form = /^\/\/ (.*)\ndeclare module "\*\/(.*)" \{\n([^]*?)^\}\n/gm;
  return [...text.matchAll(form)].map(([, specs = '', name = '', body = '']) => {
    return [JSON.parse(`"${name}"`) as string, { specs: specs.split(' and '), body }];
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
