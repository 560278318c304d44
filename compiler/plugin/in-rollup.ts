/**
 * What Rollup does not do by itself: find a file whose name has a query, and bring along the files
 * that a module names by address.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { UnpluginOptions } from 'unplugin';
import { withFiles } from './named-files.ts';
import { isSpecModule, partsOf } from './request.ts';
import type { Build } from './spec-module.ts';

type Hooks = NonNullable<UnpluginOptions['rollup']>;
type Hook<Name extends keyof Hooks> = Extract<Hooks[Name], (...args: never[]) => unknown>;

/** As other plugins resolve the file alone, so that they know of shorthands such as `@/`. */
export const resolvedSpec: Hook<'resolveId'> = async function (source, importer, { isEntry }) {
  if (!isSpecModule(source)) return undefined;
  const { file, query } = partsOf(source);
  const found = await this.resolve(file, importer, { isEntry, skipSelf: true });
  const path =
    found?.id ?? resolve(importer === undefined ? '.' : dirname(partsOf(importer).file), file);
  return query === '' ? path : `${path}?${query}`;
};

export function emittedFiles(build: Build): Hook<'transform'> {
  return function (code, id) {
    if (!id.startsWith(build.cache() + sep)) return undefined;
    const emitted = withFiles(code, (name) => {
      const source = readFileSync(join(dirname(id), name));
      return `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'asset', name, source })}`;
    });
    return { code: emitted, map: null };
  };
}
