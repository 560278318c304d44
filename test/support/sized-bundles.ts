/**
 * `npm run check:size` builds the bundles whose size is promised, then has size-limit hold them to
 * `.size-limit.json`. Run with a folder, this writes them there.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import { allBackends } from '../../compiler/7-bundle/target.ts';
import { filesOf, modelOf, type Files } from './bundles.ts';

interface SizedBundle {
  readonly name: string;
  readonly spec: string;
  readonly backends: readonly Backend[];
}

/** By the folders that `.size-limit.json` names. */
export const sizedBundles: readonly SizedBundle[] = [
  { name: 'small', spec: 'lstm(64) -> softmax', backends: allBackends },
  { name: 'wasm', spec: 'lstm(64) -> softmax', backends: ['wasm'] },
  {
    name: 'flagship',
    spec: 'bidirectional(lstm(128), depth=3) -> softmax',
    backends: allBackends,
  },
];

/** What runs of it: modules and WebAssembly. */
export async function codeOf({ spec, backends }: SizedBundle): Promise<Files> {
  const files = await filesOf(await modelOf(spec, { dims: { D: 40 } }), { backends });
  return new Map([...files].filter(([name]) => /^[^/]*\.(js|wasm)$/.test(name)));
}

const [, script, folder] = process.argv;
if (script !== undefined && folder !== undefined && resolve(script) === import.meta.filename) {
  rmSync(folder, { recursive: true, force: true });
  for (const bundle of sizedBundles) {
    const out = join(folder, bundle.name);
    mkdirSync(out, { recursive: true });
    for (const [name, content] of await codeOf(bundle)) writeFileSync(join(out, name), content);
  }
}
