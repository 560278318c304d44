/**
 * The packages of the bench, as `npm ci` puts them into test/bench/node_modules. They are loaded by
 * path, so that the bench can be read, checked and run without them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Everything is run from the root of the repository. */
const folder = join(process.cwd(), 'test/bench');
const requireFromBench = createRequire(join(folder, 'package.json'));

/** Its exports; what they are is for the caller to know. */
export function loadPackage(name: string): unknown {
  return requireFromBench(name) as unknown;
}

export function pathInPackage(name: string, file: string): string {
  return join(folder, 'node_modules', name, file);
}

/** Undefined where it is not installed. */
export function versionOf(name: string): string | undefined {
  const file = pathInPackage(name, 'package.json');
  if (!existsSync(file)) return undefined;
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  return version;
}
