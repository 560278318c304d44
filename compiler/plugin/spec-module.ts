/** From the import of a spec to the module in its place; what is wrong goes to the bundler. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { UnpluginBuildContext, UnpluginContext } from 'unplugin';
import { builtBundle } from './built-bundle.ts';
import { declarationsFile, declareImport } from './declared-imports.ts';
import type { GateworkOptions } from './options.ts';
import { partsOf, requestOf } from './request.ts';
import { said, saidOf } from './said.ts';

/** What the plugin knows of the build that it is in. */
export interface Build {
  readonly options: GateworkOptions;
  /** The folder of the project. */
  root: string;
  /** Whether the bundler shows the lines at fault by itself. */
  readonly isFramed: boolean;
  /** Whether a module carries all of its bundle, if nobody says. */
  isInline(context: object): boolean;
  /** The folder of the bundles. */
  cache(): string;
  /** The files that each import of a spec was made from, by the module's id. */
  readonly reads: Map<string, Set<string>>;
  /** Imports that came to nothing the last time. */
  readonly failed: Set<string>;
  /** The last two bundles of each, the newest first. */
  readonly folders: Map<string, readonly string[]>;
}

type Context = UnpluginBuildContext & UnpluginContext;

export async function specModuleCode(build: Build, context: Context, id: string): Promise<string> {
  const reads = new Set<string>();
  build.reads.set(id, reads);
  const { file, query } = partsOf(id);
  try {
    const request = requestOf(id, build.options, build.isInline(context));
    const folder = await builtBundle(request, build.cache(), {
      reads(path) {
        reads.add(path);
        context.addWatchFile(path);
      },
      warns: (diagnostics) => context.warn(said(diagnostics, file, build.isFramed)),
    });
    declare(build, context, file, query, folder);
    build.failed.delete(id);
    forgetFormer(build, id, folder);
    return passedOn(join(folder, 'index.js'));
  } catch (error) {
    build.failed.add(id);
    const message = saidOf(error, file, build.isFramed);
    if (message === undefined) throw error;
    // Ends it in some bundlers; others go on, and are to find no second fault here.
    context.error(message);
    return failing(message.message);
  }
}

/** A page that is open may still want something of the last one, and nothing of those before it. */
function forgetFormer({ folders }: Build, id: string, folder: string): void {
  const known = (folders.get(id) ?? []).filter((one) => one !== folder);
  folders.set(id, [folder, ...known].slice(0, 2));
  const wanted = new Set([...folders.values()].flat());
  for (const old of known) if (!wanted.has(old)) rmSync(old, { recursive: true, force: true });
}

function declare(
  { root, options }: Build,
  context: Context,
  file: string,
  query: string,
  folder: string,
): void {
  const types = declarationsFile(root, options.types);
  if (types === undefined) return;
  const declarations = readFileSync(join(folder, 'index.d.ts'), 'utf8');
  const others = declareImport(types, file, query, declarations);
  if (others.length === 0) return;
  context.warn(
    `TypeScript cannot tell ${file} from ${others.join(', ')}, which is imported with the same ` +
      'query: give one of them another name',
  );
}

/** The parts that are loaded later on stay what they are. */
function passedOn(bundle: string): string {
  return `import { load } from ${JSON.stringify(bundle.replaceAll('\\', '/'))};
export { load };
export default { load };
`;
}

function failing(message: string): string {
  return `export function load() {
  throw new Error(${JSON.stringify(message)});
}
export default { load };
`;
}
