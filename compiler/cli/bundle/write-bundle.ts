/**
 * A bundle's folder is there whole or not at all: it is written beside its place, then takes it. An
 * older bundle gives way; anything else that is there stays, and is told.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { makeFolder, writeAside } from '../files.ts';

/** Faults: R7402 where it cannot be written, R7807 where other things are in its place. */
export function writeBundle(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  const place = resolve(folder);
  checkFree(folder);
  const aside = join(dirname(place), `.${basename(place)}.${process.pid}.tmp`);
  const old = `${aside}.old`;
  try {
    for (const [name, content] of files) {
      makeFolder(dirname(join(aside, name)));
      writeAside(join(aside, name), content);
    }
    // A folder cannot take the place of one that is not empty.
    if (existsSync(place)) renameSync(place, old);
    renameSync(aside, place);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (existsSync(old) && !existsSync(place)) renameSync(old, place);
    if (error instanceof RuntimeFault) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeFault('R7402', `${folder} cannot be written: ${reason}`);
  }
  rmSync(old, { recursive: true, force: true });
}

/** Before anything is computed. R7807 where something would be lost. */
export function checkFree(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw occupied(folder, 'is no folder');
  const known = filesOf(folder);
  const [stranger] = entriesOf(folder).filter((name) => !known.has(name));
  if (stranger !== undefined)
    throw occupied(folder, `holds ${stranger}, which no build left there`);
}

function entriesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'x').length - 1));
}

/** What an older bundle there consists of. */
function filesOf(folder: string): ReadonlySet<string> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, manifestFile), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !('files' in manifest)) {
      return new Set();
    }
    return new Set([manifestFile, ...Object.keys(manifest.files ?? {})]);
  } catch {
    return new Set();
  }
}

const manifestFile = 'manifest.json';

function occupied(folder: string, what: string): RuntimeFault {
  return new RuntimeFault('R7807', `${folder} ${what}`, 'choose another folder with -o');
}
