/**
 * A counterexample as two files: the spec, with what is wrong above it, and the arrays beside it,
 * with the case, the check and the backend among them; and the command that runs it once more.
 */
import { join } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { fromNdArrays, toNdArrays } from '../../../runtime/tensors/convert.ts';
import { readSafetensors, writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import type { Arrays } from '../../verify/arrays.ts';
import type { Counterexample } from '../../verify/counterexample.ts';
import type { CaseData } from '../../verify/verify-case.ts';
import { makeFolder, readBytes, writeAside } from '../files.ts';

export interface WrittenCounterexample extends Counterexample {
  /** The spec's file. */
  readonly file: string;
  /** Runs it once more. */
  readonly command: string;
}

/** `folder` is made if it is not there. */
export function writeCounterexample(
  found: Counterexample,
  folder: string,
  original: string,
): WrittenCounterexample {
  makeFolder(folder);
  const { backend, check } = found.failure;
  const name = `${backend} ${check}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  // A spec that nothing could be left out of is still in the language that it was written in.
  const ending = /\.ya?ml$/.test(original) && found.text.includes('\nmodel') ? 'yaml' : 'gate';
  const [file, tensors] = [join(folder, `${name}.${ending}`), join(folder, `${name}.safetensors`)];
  const lines = [`${backend}: ${check}`, ...found.messages.slice(0, 3), ...found.blame.split('\n')];
  const comment = lines.filter((line) => line.trim() !== '').map((line) => `# ${line}`);
  writeAside(file, `${comment.join('\n')}\n${found.text.trimEnd()}\n`);
  const metadata = new Map([['gatework-case', JSON.stringify({ backend, check, ...found.data })]]);
  writeAside(tensors, writeSafetensors(fromNdArrays(found.inputs), metadata));
  return { ...found, file, command: `gatework verify ${file} --replay ${tensors}` };
}

export interface Replay {
  readonly backend: string;
  readonly check: string;
  readonly data: CaseData;
  readonly arrays: Arrays;
}

/** R7401 for a file that is no counterexample. */
export function readReplay(file: string): Replay {
  const { tensors, metadata } = readSafetensors(readBytes(file), file);
  const parsed: unknown = JSON.parse(metadata.get('gatework-case') ?? 'null');
  if (!isStored(parsed)) {
    throw new RuntimeFault('R7401', `${file} holds no case of gatework verify`);
  }
  const { backend, check, ...data } = parsed;
  return { backend, check, data, arrays: toNdArrays(tensors) };
}

function isStored(value: unknown): value is CaseData & { backend: string; check: string } {
  if (typeof value !== 'object' || value === null) return false;
  const fields = ['backend', 'check', 'seed', 'time', 'lengths', 'widths', 'numbers', 'states'];
  return fields.every((field) => field in value);
}
