/**
 * `model.json` of a trained model's folder: everything but the weights that is needed to use the
 * model or to go on training it. Written before the first update, and again with the outcome.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { Labels } from '../../../runtime/text/labels.ts';
import { Vocabulary } from '../../../runtime/text/vocabulary.ts';
import type { SettingValue } from '../../graph/model.ts';
import { readText, writeAside } from '../files.ts';
import type { Codec } from './encode.ts';
import { runSettings, type RunSettings } from './settings.ts';
import type { StoredSpec } from './stored-spec.ts';

export const recordFile = 'model.json';

export interface RunRecord {
  readonly model: string;
  readonly spec: StoredSpec;
  /** Widths that data or flags settled. */
  readonly dims: ReadonlyMap<string, number>;
  /** Of the text input; absent where the data are tensors. */
  readonly codec?: Codec;
  readonly settings: RunSettings;
  readonly dtype: 'f32' | 'f64';
  readonly data: DataRecord;
  /** Absent until the run has ended. */
  readonly training?: TrainingRecord;
}

export interface DataRecord {
  readonly file: string;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly digest: string;
  /** Digest of a validation file. */
  readonly validationDigest?: string;
}

export interface TrainingRecord {
  /** False where it was stopped; `--resume` goes on. */
  readonly finished: boolean;
  readonly steps: number;
  readonly epochs: number;
  /** Which weights `model.safetensors` has. */
  readonly weights: 'best' | 'last';
  /** Of those weights on the validation data, where there are any. */
  readonly validationLoss?: number;
  /** Why it stopped where it must not go on: the numbers diverged. */
  readonly fault?: string;
}

const format = 'gatework-model-1';

export function isRunFolder(path: string): boolean {
  return existsSync(join(path, recordFile)) && statSync(path).isDirectory();
}

export function writeRecord(folder: string, record: RunRecord): void {
  const { codec, dims, spec, ...rest } = record;
  const document = {
    format,
    ...rest,
    dims: Object.fromEntries(dims),
    spec,
    ...(codec === undefined ? {} : { vocabulary: codec.vocabulary.toJSON() }),
    ...(codec?.labels === undefined ? {} : { labels: codec.labels.toJSON() }),
  };
  writeAside(join(folder, recordFile), `${JSON.stringify(document, undefined, 1)}\n`);
}

/** R7605 where the file is not what `writeRecord` writes; R7204 for its vocabulary or labels. */
export function readRecord(file: string): RunRecord {
  const root = objectOf(parseJson(readText(file), file), file, 'the file');
  const get = (name: string): unknown => root.get(name);
  if (get('format') !== format) throw refused(file, `its format is not ${format}`);
  const data = objectOf(get('data'), file, 'data');
  const validationDigest = data.get('validationDigest');
  const training = get('training');
  return {
    model: textOf(get('model'), file, 'model'),
    spec: readSpecRecord(get('spec'), file),
    dims: readDims(get('dims'), file),
    ...readCodec(root, file),
    settings: runSettings([readSettings(get('settings'), file)]),
    dtype: get('dtype') === 'f64' ? 'f64' : 'f32',
    data: {
      file: textOf(data.get('file'), file, 'data.file'),
      digest: textOf(data.get('digest'), file, 'data.digest'),
      ...(typeof validationDigest === 'string' ? { validationDigest } : {}),
    },
    ...(training === undefined ? {} : { training: readTraining(training, file) }),
  };
}

/** The vocabulary and labels of a record, also where only these are wanted. */
function readCodec(root: ReadonlyMap<string, unknown>, file: string): { codec?: Codec } {
  const vocabulary: unknown = root.get('vocabulary');
  if (vocabulary === undefined) return {};
  const labels = root.get('labels');
  return {
    codec: {
      vocabulary: Vocabulary.fromJSON(vocabulary, file),
      ...(labels === undefined ? {} : { labels: Labels.fromJSON(labels, file) }),
    },
  };
}

function readSpecRecord(value: unknown, file: string): StoredSpec {
  const spec = objectOf(value, file, 'spec');
  const imports: unknown = spec.get('imports') ?? [];
  if (!Array.isArray(imports)) throw refused(file, 'spec.imports is no list');
  return {
    name: textOf(spec.get('name'), file, 'spec.name'),
    text: textOf(spec.get('text'), file, 'spec.text'),
    imports: imports.map((item: unknown) => {
      const entry = objectOf(item, file, 'an import');
      const read = (name: string): string => textOf(entry.get(name), file, `imports.${name}`);
      return { from: read('from'), path: read('path'), name: read('name'), text: read('text') };
    }),
  };
}

function readDims(value: unknown, file: string): Map<string, number> {
  const dims = new Map<string, number>();
  for (const [name, size] of objectOf(value ?? {}, file, 'dims')) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) {
      throw refused(file, `dims.${name} is no size`);
    }
    dims.set(name, size);
  }
  return dims;
}

function readSettings(value: unknown, file: string): Map<string, SettingValue> {
  const settings = new Map<string, SettingValue>();
  for (const [name, setting] of objectOf(value ?? {}, file, 'settings')) {
    const plain = ['number', 'string', 'boolean'].includes(typeof setting);
    if (!plain) throw refused(file, `settings.${name} is no number or word`);
    if (typeof setting === 'number' || typeof setting === 'boolean') settings.set(name, setting);
    else if (typeof setting === 'string') settings.set(name, setting);
  }
  return settings;
}

function readTraining(value: unknown, file: string): TrainingRecord {
  const training = objectOf(value, file, 'training');
  const number = (name: string): number => {
    const found = training.get(name);
    if (typeof found !== 'number') throw refused(file, `training.${name} is no number`);
    return found;
  };
  return {
    finished: training.get('finished') === true,
    steps: number('steps'),
    epochs: number('epochs'),
    weights: training.get('weights') === 'best' ? 'best' : 'last',
    ...(training.has('validationLoss') ? { validationLoss: number('validationLoss') } : {}),
    ...(training.has('fault') ? { fault: textOf(training.get('fault'), file, 'fault') } : {}),
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(file, 'it is not JSON');
  }
}

function objectOf(value: unknown, file: string, what: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(file, `${what} is no object`);
  }
  return new Map<string, unknown>(Object.entries(value));
}

function textOf(value: unknown, file: string, what: string): string {
  if (typeof value !== 'string') throw refused(file, `${what} is no text`);
  return value;
}

function refused(file: string, what: string): RuntimeFault {
  return new RuntimeFault('R7605', `${file} does not describe a trained model: ${what}`);
}
