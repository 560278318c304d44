/** What is known of each fault so far: one JSON file, written whole after every step. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Fault } from './faults/fault.ts';

export interface Outcome {
  /** `open` until all stages have been asked. */
  readonly verdict: 'found' | 'hung' | 'survived' | 'open';
  /** Of the fault's own text: another fault under this name is another fault. */
  readonly edit: string;
  /** The test that failed, or the stage that hung. */
  readonly file?: string;
  readonly test?: string;
  /** Since the fault was planted, waiting for a quiet machine included. */
  readonly seconds: number;
  /** Stages that did not find it. */
  readonly passed: readonly string[];
}

export interface Results {
  readonly outcomes: Record<string, Outcome>;
  /** By test file, the state of tree and file in which it was seen to pass. */
  readonly untouched: Record<string, string>;
}

export function editOf({ file, find, replace }: Fault): string {
  return createHash('sha256')
    .update(JSON.stringify([file, find, replace]))
    .digest('hex')
    .slice(0, 12);
}

/** Without what is known of faults that are in the list no more. */
export function loadResults(path: string, names: readonly string[]): Results {
  if (!existsSync(path)) return { outcomes: {}, untouched: {} };
  // Written by run.ts alone.
  const { outcomes, untouched } = JSON.parse(readFileSync(path, 'utf8')) as Results;
  const kept = Object.entries(outcomes).filter(([name]) => names.includes(name));
  return { outcomes: Object.fromEntries(kept), untouched };
}

export function saveResults(path: string, results: Results): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(results, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
