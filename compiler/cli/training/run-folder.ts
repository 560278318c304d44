/**
 * The folder of a run: what is in it, and whether a new run may begin there. Nothing of another
 * model, and nothing that was stopped half-way, is overwritten unasked.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { bestPath, checkpointPath } from '../../../runtime/train/checkpoint.ts';
import { logPath } from '../../../runtime/train/log.ts';
import type { SettingValue } from '../../graph/model.ts';
import { makeFolder } from '../files.ts';
import { isRunFolder, readRecord, recordFile, type RunRecord } from './run-record.ts';
import { identity } from './settings.ts';
import { sameSpec } from './stored-spec.ts';

export const weightsFile = 'model.safetensors';
export const curveFile = 'curve.svg';

/** The record of a run that is there; undefined for a folder without one. */
export function recordOf(folder: string): RunRecord | undefined {
  return isRunFolder(folder) ? readRecord(join(folder, recordFile)) : undefined;
}

/** R7604 where something would be lost; else the folder is there and free of an older run. */
export function beginFolder(folder: string, model: string, force: boolean): void {
  if (!force) checkFree(folder, model);
  makeFolder(folder);
  // The record goes last: while it is there, it speaks of the files beside it.
  const files = [checkpointPath, bestPath, weightsFile, logPath, curveFile];
  for (const file of [...files, 'spec.gate', 'spec.yaml', recordFile]) {
    rmSync(join(folder, file), { force: true });
  }
}

function checkFree(folder: string, model: string): void {
  const record = recordOf(folder);
  if (record === undefined) {
    if (!existsSync(join(folder, weightsFile))) return;
    throw occupied(`${folder} has a ${weightsFile} that no run of gatework left there`);
  }
  if (record.model !== model) throw occupied(`${folder} holds the model ${record.model}`);
  const { training } = record;
  if (training?.finished === true || training?.fault !== undefined) return;
  throw new RuntimeFault(
    'R7604',
    `${folder} holds a run that is not at its end: it was stopped, or still goes on`,
    '--resume goes on with it; --force throws it away and begins anew',
  );
}

function occupied(message: string): RuntimeFault {
  return new RuntimeFault('R7604', message, 'choose another --out, or --force to overwrite it');
}

/** R7302 that names what the run began with and what it would go on with. */
export function checkResumable(folder: string, began: RunRecord, now: RunRecord): void {
  const differs = (what: string, before?: SettingValue, after?: SettingValue): RuntimeFault => {
    const values = before === undefined ? '' : `: ${String(before)}, now ${String(after)}`;
    return new RuntimeFault(
      'R7302',
      `${folder} holds a run with another ${what}${values}`,
      'resume with what the run began with, or begin anew with --force',
    );
  };
  if (!sameSpec(began.spec, now.spec)) throw differs('spec');
  if (began.data.digest !== now.data.digest) throw differs('training file');
  if (began.data.validationDigest !== now.data.validationDigest) throw differs('validation file');
  if (began.dtype !== now.dtype) throw differs('--dtype', began.dtype, now.dtype);
  const [before, after] = [identity(began.settings), identity(now.settings)];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (name === 'validation' && typeof after[name] === 'string') continue;
    if (before[name] !== after[name])
      throw differs(name, before[name] ?? 'none', after[name] ?? 'none');
  }
  for (const [name, size] of now.dims) {
    if (began.dims.get(name) !== size) throw differs(`--dim ${name}`, began.dims.get(name), size);
  }
}
