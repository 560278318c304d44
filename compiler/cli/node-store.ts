/**
 * A run's folder on disk. A file is replaced as a whole (files.ts): after a crash at any moment the
 * old bytes are there or the new ones. What a killed run left half-written lies aside under another
 * name, is never read, and is removed by the next run.
 */
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { Store } from '../../runtime/train/store.ts';
import { makeFolder, readBytes, writeAside } from './files.ts';

/** Makes the folder where it is missing. Faults: R7402 where that or a removal fails. */
export function openNodeStore(folder: string): Store {
  makeFolder(folder);
  explained(folder, () => removeLeftovers(folder));
  return {
    read: (path) => settle(() => readIfThere(join(folder, path))),
    writeAtomically: (path, bytes) => settle(() => writeAside(join(folder, path), bytes)),
    append: (path, text) => settle(() => append(join(folder, path), text)),
  };
}

/** Files are small and local, so that the calls block; what they throw becomes a rejection. */
async function settle<T>(action: () => T): Promise<T> {
  return Promise.resolve(action());
}

function readIfThere(path: string): Uint8Array | undefined {
  return existsSync(path) ? readBytes(path) : undefined;
}

function append(path: string, text: string): void {
  explained(path, () => appendFileSync(path, text));
}

/** The name that files.ts writes under until the file is whole; the number is the process. */
const aside = /^\..+\.(\d+)\.tmp$/;

/** A file aside whose process still runs is being written, not left over. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = aside.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) rmSync(join(folder, name));
  }
}

function isRunning(id: number): boolean {
  if (id === process.pid) return false;
  try {
    return process.kill(id, 0);
  } catch (error) {
    // Someone else's process may not be asked, but is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function explained<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RuntimeFault('R7402', `${path} cannot be written: ${reason}`);
  }
}
