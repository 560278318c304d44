/**
 * What esbuild does not do by itself: bring along the files that a module names by address. They
 * are put beside the script that has the module in it, once that is known.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { UnpluginOptions } from 'unplugin';
import { namedFiles, withFiles } from './named-files.ts';
import type { Build } from './spec-module.ts';

type Setup = NonNullable<NonNullable<UnpluginOptions['esbuild']>['setup']>;
type EsbuildBuild = Parameters<Setup>[0];
type BuildResult = Parameters<Parameters<EsbuildBuild['onEnd']>[0]>[0];

/** Scripts of other forms have no address of their own, and what is not written no neighbours. */
export function hasNeighbours(options: EsbuildBuild['initialOptions']): boolean {
  const { format, outdir, outfile } = options;
  return format === 'esm' && (outdir ?? outfile) !== undefined;
}

export function broughtAlong(build: Build): Setup {
  return (esbuild) => {
    if (!hasNeighbours(esbuild.initialOptions)) return;
    // Says which script has which module.
    esbuild.initialOptions.metafile = true;
    esbuild.onLoad({ filter: naming }, ({ path }) => {
      if (!path.startsWith(build.cache() + sep)) return undefined;
      const code = readFileSync(path, 'utf8');
      return { contents: withFiles(code, (name) => JSON.stringify(`./${newName(path, name)}`)) };
    });
    esbuild.onEnd((result) => {
      for (const [script, module] of scriptsWithBundles(build, result)) {
        for (const name of namedFiles(readFileSync(module, 'utf8'))) {
          const path = join(dirname(script), newName(module, name));
          const contents = readFileSync(join(dirname(module), name));
          if (result.outputFiles !== undefined) {
            result.outputFiles.push({ path, contents, hash: '', text: '' });
          } else {
            mkdirSync(dirname(path), { recursive: true });
            writeFileSync(path, contents);
          }
        }
      }
    });
  };
}

/** Modules of a bundle that name files. */
const naming = /[\\/](?:index|train)\.js$/;

/** Scripts, each with a module of a bundle that is in it. */
function scriptsWithBundles(build: Build, { metafile }: BuildResult): [string, string][] {
  return Object.entries(metafile?.outputs ?? {}).flatMap(([script, { inputs }]) =>
    Object.keys(inputs)
      .map((input) => resolve(build.root, input))
      .filter((input) => input.startsWith(build.cache() + sep) && naming.test(input))
      .map((module): [string, string] => [resolve(build.root, script), module]),
  );
}

/** Of the bundle's folder, which no two bundles share. */
function newName(module: string, name: string): string {
  const [, key = ''] = /-(\w+)$/.exec(dirname(module)) ?? [];
  return name.replace(/(?=\.\w+$)/, `-${key}`);
}
