/**
 * Bundlers, each as a person sets it up for an app and has not thought of models; or, for an app
 * that imports specs, with our plugin.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildEsbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as buildVite } from 'vite';
import webpack, { type Configuration } from 'webpack';
import { gatework as inEsbuild } from '../../compiler/plugin/esbuild.ts';
import { gatework as inRollup } from '../../compiler/plugin/rollup.ts';
import { gatework as inVite, type GateworkOptions } from '../../compiler/plugin/vite.ts';
import { gatework as inWebpack } from '../../compiler/plugin/webpack.ts';

export interface Bundler {
  /** From `app.js` and `index.html` in a folder to another; with the plugin, if it is set up. */
  build(from: string, to: string, plugin?: GateworkOptions): Promise<void>;
  /** The script that a page or Node begins with, among what was built. */
  readonly entry: RegExp;
  /** Whether the script is no module. */
  readonly classic?: boolean;
  /** Whether files that a module names by `new URL` come along. */
  readonly follows: boolean;
  /** Where its scripts run. */
  readonly places: readonly ('page' | 'node')[];
}

export const bundlers: Readonly<Record<string, Bundler>> = {
  vite: {
    build: async (root, outDir, plugin) => {
      // Addresses as from the script, not from the root of a server.
      const how = { base: './', configFile: false, logLevel: 'error' } as const;
      await buildVite({ root, ...how, ...plugins(inVite, plugin), build: { outDir } });
    },
    entry: /^assets\/index-[^/]*\.js$/,
    follows: true,
    places: ['page'],
  },
  'vite for servers': {
    build: async (root, outDir, plugin) => {
      const how = { configFile: false, logLevel: 'error', ...plugins(inVite, plugin) } as const;
      await buildVite({ root, ...how, build: { ssr: 'app.js', outDir } });
    },
    entry: /^app\.js$/,
    follows: false,
    places: ['node'],
  },
  rollup: {
    build: async (from, dir, plugin) => {
      const input = join(from, 'app.js');
      const built = await rollup({ input, logLevel: 'silent', ...plugins(inRollup, plugin) });
      await built.write({ dir, format: 'es' });
      await built.close();
    },
    entry: /^app\.js$/,
    follows: false,
    places: ['page', 'node'],
  },
  esbuild: {
    build: async (from, outdir, plugin) => {
      const entryPoints = [join(from, 'app.js')];
      const form = { format: 'esm', splitting: true, minify: true, bundle: true } as const;
      const how = { ...form, ...plugins(inEsbuild, plugin), logLevel: 'silent' } as const;
      await buildEsbuild({ entryPoints, outdir, ...how });
    },
    entry: /^app\.js$/,
    follows: false,
    places: ['page', 'node'],
  },
  'webpack for pages': {
    build: (from, path, plugin) =>
      runWebpack({ context: from, output: { path }, ...plugins(inWebpack, plugin) }),
    entry: /^main\.js$/,
    classic: true,
    follows: true,
    places: ['page'],
  },
  'webpack for Node': {
    build: (from, path, plugin) => {
      const modules = { experiments: { outputModule: true }, output: { path, module: true } };
      const how = { ...modules, ...plugins(inWebpack, plugin) };
      return runWebpack({ context: from, target: 'node20', ...how });
    },
    entry: /^main\.mjs$/,
    follows: true,
    places: ['node'],
  },
};

function plugins<Plugin>(
  make: (options: GateworkOptions) => Plugin,
  options: GateworkOptions | undefined,
): { plugins?: Plugin[] } {
  return options === undefined ? {} : { plugins: [make({ types: false, ...options })] };
}

async function runWebpack(config: Configuration): Promise<void> {
  return new Promise((resolve, reject) => {
    webpack({ mode: 'production', entry: './app.js', ...config }, (error, stats) => {
      if (error !== null) reject(error);
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString('errors-only')));
      else resolve();
    });
  });
}

/** Everything in a folder, by its path there. */
export function filesIn(folder: string): Map<string, Uint8Array> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    found.flatMap((entry): [string, Uint8Array][] => {
      if (!entry.isFile()) return [];
      const path = join(entry.parentPath, entry.name);
      return [[path.slice(folder.length + 1), Uint8Array.from(readFileSync(path))]];
    }),
  );
}
