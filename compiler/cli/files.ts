/**
 * Files in and out. What cannot be read or written is a RuntimeFault that names the file. Writing
 * is all or nothing: aside, fsync, rename, so that no reader ever sees half a file.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** R7402 when it cannot be written; the file that was there is then untouched. */
export function writeAside(file: string, content: Uint8Array | string): void {
  const folder = dirname(file);
  const aside = join(folder, `.${basename(file)}.${process.pid}.tmp`);
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const handle = openSync(aside, 'w');
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, file);
    syncFolder(folder);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new RuntimeFault('R7402', `${file} cannot be written: ${reason(error)}`);
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
  ENOTDIR: 'part of its path is not a folder',
  ENOSPC: 'the disk is full',
};

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? error.message;
}
