/**
 * The plugin as every bundler has it: the import of a spec is a module that passes on what the
 * bundle of that spec has, which is compiled when it is wanted and lies where bundlers find it.
 */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createUnplugin, type UnpluginContextMeta, type UnpluginOptions } from 'unplugin';
import { makeFolder } from '../cli/files.ts';
import { forgetOld } from './built-bundle.ts';
import { broughtAlong, hasNeighbours } from './in-esbuild.ts';
import { forServers, reloaded } from './in-vite.ts';
import type { GateworkOptions } from './options.ts';
import { isSpecModule, specModule } from './request.ts';
import { emittedFiles, resolvedSpec } from './in-rollup.ts';
import { specModuleCode, type Build } from './spec-module.ts';

/** By bundler. */
export const plugins = createUnplugin<GateworkOptions | undefined, false>(gateworkPlugin);

function gateworkPlugin(
  options: GateworkOptions | undefined,
  meta: UnpluginContextMeta,
): UnpluginOptions {
  const build: Build = {
    options: options ?? {},
    root: meta.framework === 'webpack' ? meta.webpack.compiler.context : process.cwd(),
    isFramed: meta.framework === 'vite' || meta.framework === 'rollup',
    isInline: () => false,
    cache: () => realFolder(resolve(build.root, build.options.cacheDir ?? cacheAt(build.root))),
    reads: new Map(),
    failed: new Set(),
    folders: new Map(),
  };
  return {
    name: 'gatework',
    // Before those that take YAML for data.
    enforce: 'pre',
    buildStart: () => forgetOld(build.cache()),
    load: {
      filter: { id: specModule },
      async handler(id) {
        return isSpecModule(id) ? specModuleCode(build, this, id) : undefined;
      },
    },
    rollup: { resolveId: resolvedSpec, transform: emittedFiles(build) },
    vite: {
      configResolved(config) {
        build.root = config.root;
        build.isInline = (context) => config.command === 'build' && forServers(context);
      },
      hotUpdate: reloaded(build),
    },
    esbuild: {
      onLoadFilter: /\.(?:gate|ya?ml)$/,
      loader: 'js',
      config(config) {
        build.root = config.absWorkingDir ?? build.root;
        build.isInline = () => !hasNeighbours(config);
      },
      setup: broughtAlong(build),
    },
  };
}

/** Bundlers name modules by where they really are. */
function realFolder(folder: string): string {
  makeFolder(folder);
  return realpathSync(folder);
}

/** With the packages of the project, where tools keep what they can make again. */
function cacheAt(root: string): string {
  let folder = root;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  const home = existsSync(join(folder, 'package.json')) ? folder : root;
  return join(home, 'node_modules/.cache/gatework');
}
