/**
 * `npm run build`: compiler/, runtime/ and examples/ to dist/, which is emptied first so that no
 * deleted file lives on in it; then the command line to one bundle. `npm ci` runs it too, through
 * `prepare`; after an install without the development packages there is no TypeScript to build
 * with, and it says so and does nothing. The first npx of a checkout runs `prepare` once more: what
 * is built is then left as it is.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const commandLine = join(root, 'dist/compiler/cli/main.js');
/** Begun as threads: each is a file of its own beside the command line. */
const threads = [join(root, 'dist/compiler/cli/verify/worker.js')];
/** For bundlers' configurations; they compile specs as the command line does. */
const plugins = ['vite', 'rollup', 'webpack', 'esbuild'].map((bundler) =>
  join(root, `dist/compiler/plugin/${bundler}.js`),
);

/** What `verify` runs in a browser: one script, with the runtime in it. */
const pageEntry = join(root, 'dist/compiler/cli/verify/page/in-page.js');

function typescript() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

const compiler = typescript();
if (process.env.npm_command === 'exec' && existsSync(commandLine)) {
  linkCommand();
} else if (compiler === undefined) {
  console.error('gatework: not built, since the development packages are not installed.');
} else {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const built = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  process.exitCode = built.status ?? 1;
  if (built.status === 0) {
    await bundleCommandLine();
    linkCommand();
  }
}

/**
 * The command line and the plugins as a few files instead of some hundreds: most of their start used
 * to be the reading of modules. What only some commands need stays apart, in files and in packages.
 */
async function bundleCommandLine() {
  const { build } = await import('esbuild');
  const bundle = join(root, 'dist/bundle');
  await build({
    entryPoints: [commandLine, ...threads, ...plugins],
    outdir: bundle,
    outbase: join(root, 'dist/compiler'),
    chunkNames: 'cli/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [
      'vega',
      'vega-lite',
      'elkjs',
      'cli-progress',
      'csv-parse',
      'ts-morph',
      'esbuild',
      'unplugin',
      'webgpu',
      'playwright-core',
    ],
    // Packages in CommonJS form ask for `require`, which a module has to make for itself.
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
    logLevel: 'warning',
  });
  await build({
    entryPoints: [pageEntry],
    outfile: join(bundle, 'cli/verify/page.js'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'warning',
  });
  rmSync(dirname(commandLine), { recursive: true, force: true });
  renameSync(join(bundle, 'cli'), dirname(commandLine));
  movePlugins(bundle);
  rmSync(bundle, { recursive: true });
}

/** With their declarations; of what they were made from nothing stays. */
function movePlugins(bundle) {
  const folder = dirname(plugins[0]);
  const kept = ['options', ...plugins.map((file) => basename(file, '.js'))];
  const declarations = new Set(kept.map((name) => `${name}.d.ts`));
  for (const file of readdirSync(folder)) if (!declarations.has(file)) rmSync(join(folder, file));
  for (const file of plugins) renameSync(join(bundle, 'plugin', basename(file)), file);
}

/**
 * npx links the command of the package it stands in once, in a cache of its own, and that link lasts
 * even where it was made before the first build and leads nowhere. The link in node_modules/.bin is
 * where it looks next; and npx does not make the file executable again after a second build.
 */
function linkCommand() {
  chmodSync(commandLine, 0o755);
  const folder = join(root, 'node_modules/.bin');
  if (process.platform === 'win32' || !existsSync(folder)) return;
  const link = join(folder, 'gatework');
  rmSync(link, { force: true });
  symlinkSync(relative(folder, commandLine), link);
}
