/**
 * The bundle of an import, as `gatework build` makes it, in a folder whose name says what it was
 * made from. So whatever reads it may keep it for ever, and what was made once is there next time.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { compileBundle } from '../cli/bundle/compile.ts';
import { bundleFiles } from '../cli/bundle/files.ts';
import { openBundleModel, type BundleModel } from '../cli/bundle/open-model.ts';
import { writeBundle } from '../cli/bundle/write-bundle.ts';
import { importFile, openSpec } from '../cli/spec.ts';
import { version } from '../cli/version.ts';
import type { ImportRequest } from './request.ts';

export interface BundleObserver {
  /** Each file that the bundle depends on, before it is read. */
  reads(file: string): void;
  warns(diagnostics: readonly Diagnostic[]): void;
}

/** The folder of the bundle. Faults and rejections: those of `gatework build`. */
export async function builtBundle(
  request: ImportRequest,
  cache: string,
  observer: BundleObserver,
): Promise<string> {
  const { file, weights, vocabulary, target, precision } = request;
  const named = [weights, vocabulary].filter((path) => path !== undefined);
  for (const path of [file, ...named]) observer.reads(path);
  const texts: string[] = [];
  const spec = openSpec(file);
  const opened = {
    ...spec,
    load: (...[path, from]: Parameters<typeof spec.load>) => {
      observer.reads(importFile(path, from));
      const found = spec.load(path, from);
      if (found !== undefined) texts.push(path, found.text);
      return found;
    },
    tell: (diagnostics: readonly Diagnostic[]) => observer.warns(diagnostics),
  };
  const model = await openBundleModel(file, request, opened);
  const folder = join(cache, `${basename(file)}-${keyOf(model, request, texts, named)}`);
  if (!isBuilt(folder)) {
    const bundle = compileBundle(model, target, precision);
    const files = await bundleFiles(model, bundle, { sources: false });
    placed(folder, files);
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

/** Bundles that nobody has asked for in a month. */
export function forgetOld(cache: string): void {
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > 30 * 86_400_000) rmSync(folder, { recursive: true, force: true });
  }
}

function isBuilt(folder: string): boolean {
  return existsSync(join(folder, 'manifest.json'));
}

/** Another process may be building the same; either of the two folders will do. */
function placed(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  try {
    writeBundle(folder, files);
  } catch (error) {
    if (!isBuilt(folder)) throw error;
  }
}

function keyOf(
  { opened }: BundleModel,
  { dim, init, target, precision, train }: ImportRequest,
  imports: readonly string[],
  files: readonly string[],
): string {
  const said = [
    version,
    opened.source.text,
    imports,
    [...dim],
    init ?? -1,
    target,
    precision,
    train,
  ];
  const hash = createHash('sha256').update(JSON.stringify(said));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
