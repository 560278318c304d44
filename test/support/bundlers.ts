/** Bundlers, each as a person sets it up for an app and has not thought of models. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildEsbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as buildVite } from 'vite';
import webpack, { type Configuration } from 'webpack';

export interface Bundler {
  /** From `app.js` and `index.html` in a folder to another folder. */
  build(from: string, to: string): Promise<void>;
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
    build: async (root, outDir) => {
      // Addresses as from the script, not from the root of a server.
      await buildVite({
        root,
        base: './',
        configFile: false,
        logLevel: 'error',
        build: { outDir },
      });
    },
    entry: /^assets\/index-[^/]*\.js$/,
    follows: true,
    places: ['page'],
  },
  'vite for servers': {
    build: async (root, outDir) => {
      const how = { configFile: false, logLevel: 'error' } as const;
      await buildVite({ root, ...how, build: { ssr: 'app.js', outDir } });
    },
    entry: /^app\.js$/,
    follows: false,
    places: ['node'],
  },
  rollup: {
    build: async (from, dir) => {
      const built = await rollup({ input: join(from, 'app.js') });
      await built.write({ dir, format: 'es' });
      await built.close();
    },
    entry: /^app\.js$/,
    follows: false,
    places: ['page', 'node'],
  },
  esbuild: {
    build: async (from, outdir) => {
      const entryPoints = [join(from, 'app.js')];
      const form = { format: 'esm', splitting: true, minify: true } as const;
      await buildEsbuild({ entryPoints, outdir, bundle: true, logLevel: 'error', ...form });
    },
    entry: /^app\.js$/,
    follows: false,
    places: ['page', 'node'],
  },
  'webpack for pages': {
    build: (from, path) => runWebpack({ context: from, output: { path } }),
    entry: /^main\.js$/,
    classic: true,
    follows: true,
    places: ['page'],
  },
  'webpack for Node': {
    build: (from, path) => {
      const modules = { experiments: { outputModule: true }, output: { path, module: true } };
      return runWebpack({ context: from, target: 'node20', ...modules });
    },
    entry: /^main\.mjs$/,
    follows: true,
    places: ['node'],
  },
};

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
