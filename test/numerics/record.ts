/**
 * What has been measured, as it stands in the repository: one JSON a subject in `measured/`. What
 * is half measured lies in `out/numerics/`, which git ignores.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Progress } from './measurement.ts';
import type { Subject } from './subjects.ts';
import type { SumsRecord } from './sums.ts';
import type { Tally } from './tally.ts';

export interface SubjectRecord {
  readonly subject: string;
  /** Of the formula that was measured. */
  readonly formula: string;
  /** Whether every exact value is an f32. */
  readonly exact: boolean;
  /** Of one number all there are, of two some that are drawn. */
  readonly wasm: { readonly inputs: number; readonly simd: Tally; readonly relaxed: Tally };
  /** One an adapter, in the order in which they came; absent where there has been none. */
  readonly webgpu?: readonly WebgpuRecord[];
}

export interface WebgpuRecord {
  readonly adapter: string;
  /** Every so-many-th number; absent where they are drawn. */
  readonly stride?: number;
  readonly tally: Tally;
}

/** A measurement that goes on where it was left. */
export interface Checkpoint {
  readonly formula: string;
  readonly progress: Progress;
}

const root = join(import.meta.dirname, '../..');
const measured = join(import.meta.dirname, 'measured');
const aside = join(root, 'out/numerics');
export const pageFile = join(root, 'specs/numerics.md');

export function readRecord(subject: Subject): SubjectRecord | undefined {
  return readJson(recordFile(subject)) as SubjectRecord | undefined;
}

export function writeRecord(subject: Subject, record: SubjectRecord): void {
  writeWhole(recordFile(subject), json(record));
}

export function readSums(): SumsRecord | undefined {
  return readJson(join(measured, 'sums.json')) as SumsRecord | undefined;
}

export function writeSums(record: SumsRecord): void {
  writeWhole(join(measured, 'sums.json'), json(record));
}

/** What is left of a measurement, if the formula is still the same. */
export function readCheckpoint(name: string, formula: string): Progress | undefined {
  const left = readJson(join(aside, `${name}.json`)) as Checkpoint | undefined;
  return left?.formula === formula ? left.progress : undefined;
}

export function writeCheckpoint(name: string, checkpoint: Checkpoint): void {
  writeWhole(join(aside, `${name}.json`), json(checkpoint));
}

export function removeCheckpoint(name: string): void {
  rmSync(join(aside, `${name}.json`), { force: true });
}

/** Never half a file: written aside and renamed. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

function recordFile({ name }: Subject): string {
  const kebab = name.replace(/[ A-Z]/g, (letter) => `-${letter.trim().toLowerCase()}`);
  return join(measured, `${kebab}.json`);
}

function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
