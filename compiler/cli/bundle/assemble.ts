/**
 * From the sources of a bundle's modules to the modules that it ships: the runtime's own parts are
 * pulled in, what nothing uses is left out, and the rest is made small.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import {
  bytesSource,
  entrySource,
  javascriptSource,
  webgpuSource,
} from '../../7-bundle/module-source.ts';
import { runtimeAlias } from '../../7-bundle/source-file.ts';
import { trainerSource, trainFile, trainShadersSource } from '../../7-bundle/training-source.ts';
import type { CompiledBundle } from './compile.ts';
import { ownNames } from './own-names.ts';

/** Modules by name: `index.js`, and what it loads later on. */
export type Modules = ReadonlyMap<string, string | Uint8Array>;

/** What modules are made from, as a person reads it. */
export function moduleSources(bundle: CompiledBundle): ReadonlyMap<string, string> {
  const { parts, wasm, javascript, webgpu, weights, golden } = bundle;
  const sources = new Map([['index.ts', entrySource(parts)]]);
  if (webgpu !== undefined) sources.set('webgpu.ts', webgpuSource(webgpu.program, webgpu.shaders));
  if (javascript !== undefined) {
    sources.set('javascript.ts', javascriptSource());
    sources.set('kernels.js', javascript);
  }
  if (parts.target.code === 'inline' && wasm !== undefined) {
    sources.set('model.wasm.js', bytesSource(base64(wasm)));
  }
  for (const [name, source] of trainingSources(bundle)) sources.set(name, source);
  if (parts.target.weights === 'inline') {
    sources.set('weights.js', bytesSource(base64(weights.bytes)));
    sources.set('golden.js', bytesSource(base64(golden.bytes)));
  }
  return sources;
}

function trainingSources({ parts: { target }, training }: CompiledBundle): Map<string, string> {
  const sources = new Map<string, string>();
  if (training === undefined) return sources;
  const { wasm, javascript, webgpu } = training;
  sources.set('train.ts', trainerSource(training, target));
  if (javascript !== undefined) sources.set('train-kernels.js', javascript);
  if (webgpu !== undefined) {
    sources.set('train-webgpu.ts', trainShadersSource(webgpu.program, webgpu.shaders));
  }
  if (target.code === 'inline' && wasm !== undefined) {
    sources.set(`${trainFile}.js`, bytesSource(base64(wasm)));
  }
  return sources;
}

/** Modules that are loaded later on, where they are files of their own. */
const later = ['webgpu.ts', 'javascript.ts', 'train.ts', 'train-kernels.js', 'train-webgpu.ts'];

export async function assemble(bundle: CompiledBundle): Promise<Modules> {
  const { target } = bundle.parts;
  const sources = moduleSources(bundle);
  const apart = target.code === 'apart' ? later : [];
  const entries = ['index.ts', ...apart.filter((name) => sources.has(name))];
  const external = new Set(apart.map((name) => name.replace(/ts$/, 'js')));
  if (target.code === 'import') for (const name of ['model.wasm', trainFile]) external.add(name);
  const modules = new Map<string, string | Uint8Array>();
  const shortened: Record<string, string | false> = {};
  for (const entry of entries) {
    modules.set(entry.replace(/ts$/, 'js'), await bundled(entry, { sources, external, shortened }));
  }
  if (target.code === 'inline') return modules;
  const { wasm, training } = bundle;
  if (wasm !== undefined) modules.set('model.wasm', wasm);
  if (training?.wasm !== undefined) modules.set(trainFile, training.wasm);
  return modules;
}

interface BundledFrom {
  readonly sources: ReadonlyMap<string, string>;
  /** Modules that are loaded later on. */
  readonly external: ReadonlySet<string>;
  /** What own names have become, in all modules so far. */
  readonly shortened: Record<string, string | false>;
}

async function bundled(
  entry: string,
  { sources, external, shortened }: BundledFrom,
): Promise<string> {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [`./${entry}`],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    legalComments: 'none',
    mangleProps: new RegExp(`^(${ownNames.join('|')})$`),
    // The description of the model has its keys in quotes.
    mangleQuoted: true,
    mangleCache: shortened,
    // So that `</script>` in a name ends no script of a page that has the module in it.
    supported: { 'inline-script': true },
    logLevel: 'silent',
    alias: { [runtimeAlias]: runtimeFolder() },
    plugins: [fromMemory(sources, external)],
  });
  Object.assign(shortened, result.mangleCache);
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error(`${entry} came to nothing`);
  return file.text;
}

/** Sources that are in no folder; those that are loaded later on stay imports. */
function fromMemory(sources: ReadonlyMap<string, string>, external: ReadonlySet<string>): Plugin {
  return {
    name: 'bundle',
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path, namespace, kind }) => {
        if (namespace !== 'bundle' && kind !== 'entry-point') return undefined;
        const name = path.slice(2);
        if (kind !== 'entry-point' && external.has(name)) return { path, external: true };
        const found = sources.has(name) ? name : name.replace(/js$/, 'ts');
        return sources.has(found) ? { path: found, namespace: 'bundle' } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'bundle' }, ({ path }) => ({
        contents: sources.get(path) ?? '',
        loader: path.endsWith('.ts') ? 'ts' : 'js',
        resolveDir: runtimeFolder(),
      }));
    },
  };
}

/** The runtime's own modules, wherever this one was put. */
function runtimeFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const here = join(folder, 'runtime');
    if (['ts', 'js'].some((type) => existsSync(join(here, `bundle/load.${type}`)))) return here;
    const above = dirname(folder);
    if (above === folder) throw new Error('the runtime of gatework is not where it was installed');
    folder = above;
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
