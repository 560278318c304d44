/** What `--data` and `--validation` name: the file as a whole, read before its form is known. */
import { createHash } from 'node:crypto';
import { readBytes } from '../files.ts';

export interface DataFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

export function readData(file: string): DataFile {
  return { file, bytes: readBytes(file) };
}

/** SHA-256 in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
