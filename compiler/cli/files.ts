/**
 * Files in and out. What cannot be read or written is a RuntimeFault that names the file. Writing
 * is all or nothing: aside, fsync, rename, so that no reader ever sees half a file.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import { decodeUtf8 } from '../../runtime/text/utf8.ts';

/** R7401 when it cannot be read. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new RuntimeFault('R7401', `${file} cannot be read: ${reason(error)}`);
  }
}

export function readText(file: string): string {
  return decodeUtf8(readBytes(file), file);
}

/**
 * R7402 when it cannot be written; the file that was there is then untouched. A link stays, and the
 * file behind it is written; a device or pipe (`/dev/stdout`) is written to, never replaced.
 */
export function writeAside(file: string, content: Uint8Array | string): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  try {
    const known = statSync(file, { throwIfNoEntry: false });
    if (known === undefined || known.isFile())
      replaceFile(known ? realpathSync(file) : file, bytes);
    else writeAll(file, bytes, () => undefined);
  } catch (error) {
    throw new RuntimeFault('R7402', `${file} cannot be written: ${reason(error)}`);
  }
}

function replaceFile(file: string, bytes: Uint8Array): void {
  const folder = dirname(file);
  const aside = join(folder, `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeAll(aside, bytes, fsyncSync);
    renameSync(aside, file);
    syncFolder(folder);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function writeAll(file: string, bytes: Uint8Array, sync: (handle: number) => void): void {
  const handle = openSync(file, 'w');
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    sync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the folder and those above it where they are missing; R7402 where that fails. */
export function makeFolder(folder: string): void {
  try {
    makeLevels(resolve(folder));
  } catch (error) {
    throw new RuntimeFault('R7402', `the folder ${folder} cannot be made: ${reason(error)}`);
  }
}

/** Node's own `recursive` goes on for ever where a folder takes no new ones, such as /proc. */
function makeLevels(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(folder);
  if (above !== folder) makeLevels(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Makes the rename last; some systems do not let folders be opened, and need it not. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    fsyncSync(handle);
    closeSync(handle);
  } catch {
    return;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'part of its path is not a folder',
  ENOSPC: 'the disk is full',
};

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? error.message;
}
