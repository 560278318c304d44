/**
 * A counterexample as two files: the spec, with what is wrong above it, and the arrays beside it,
 * with the case, the check and the backend among them; and the command that runs it once more.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { printFile } from '../../ast/print.ts';
import type { Bindings } from '../../graph/dim.ts';
import { parseSource } from '../../pipeline.ts';
import type { Counterexample } from '../../verify/counterexample.ts';
import { withImports } from '../../verify/smaller/imports.ts';
import { makeFolder, writeAside } from '../files.ts';
import type { OpenedSpec } from '../spec.ts';

/** Entries of the safetensors' metadata: the case, and which of the arrays are given weights. */
export const [caseKey, weightsKey] = ['gatework-case', 'gatework-weights'];

export interface StoredCounterexample extends Counterexample {
  /** The spec's file and what runs it once more; undefined where they could not be written. */
  readonly stored?: { readonly file: string; readonly command: string };
  /** Why they could not be written. */
  readonly unwritten?: string;
}

/** Where it goes, and what it came from. */
export interface Store {
  /** Made if it is not there. */
  readonly folder: string;
  readonly original: Pick<OpenedSpec, 'source' | 'load'>;
  /** Of `--dim`, as far as the counterexample's spec has them. */
  readonly dims: Bindings;
  /** Names of weights that were given, not drawn. */
  readonly weights: readonly string[];
}

/** Both files, or neither and the reason: whatever the disk does, what was found is still told. */
export function storeCounterexample(found: Counterexample, store: Store): StoredCounterexample {
  try {
    return { ...found, stored: writeFiles(found, store) };
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    return { ...found, unwritten: error.message };
  }
}

function writeFiles(
  found: Counterexample,
  store: Store,
): { readonly file: string; readonly command: string } {
  const { failure, inputs, data } = found;
  const { backend, check } = failure;
  makeFolder(store.folder);
  const name = `${backend} ${check}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const { text, ending } = aloneStanding(found.text, store);
  const base = join(store.folder, name);
  const [file, tensors] = [`${base}.${ending}`, `${base}.safetensors`];
  const metadata = new Map([
    [caseKey, JSON.stringify({ backend, check, ...data })],
    [weightsKey, JSON.stringify(store.weights)],
  ]);
  writeAside(tensors, writeSafetensors(fromNdArrays(inputs), metadata));
  try {
    writeAside(file, `${commentOf(found)}\n${text.trimEnd()}\n`);
  } catch (error) {
    rmSync(tensors, { force: true });
    throw error;
  }
  const dims = [...store.dims].map(([symbol, size]) => ` --dim ${symbol}=${size}`).join('');
  const command = `gatework verify ${quoted(file)}${dims} --replay ${quoted(tensors)}`;
  return { file, command };
}

/** A spec that nothing could be left out of is as it was given, but needs no other file. */
function aloneStanding(
  text: string,
  { original: { source, load } }: Store,
): { readonly text: string; readonly ending: string } {
  if (text !== source.text) return { text, ending: 'gate' };
  const { file } = parseSource(source);
  if (file !== undefined && file.imports.length > 0) {
    return { text: printFile(withImports(file, load)), ending: 'gate' };
  }
  const [, ending = 'gate'] = /\.(ya?ml)$/.exec(source.name) ?? [];
  return { text, ending };
}

function commentOf({ failure, messages, blame }: Counterexample): string {
  const told = [`${failure.backend}: ${failure.check}`, ...messages.slice(0, 3), blame];
  const lines = told.join('\n').split('\n');
  return lines.flatMap((line) => (line.trim() === '' ? [] : [`# ${line}`])).join('\n');
}

/** For a shell; a name that begins with a dash would be an option. */
function quoted(file: string): string {
  const name = file.startsWith('-') ? `./${file}` : file;
  return /^[\w./+:,@%-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
