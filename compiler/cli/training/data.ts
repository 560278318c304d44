/**
 * `--data` and `--validation` to batches and to the widths that they settle. The spec is compiled
 * before its data are read (to know the inputs) and after (with the widths).
 */
import type { BatchSource } from '../../../runtime/train/batches.ts';
import type { Model } from '../../graph/model.ts';
import type { DataFile } from './data-file.ts';
import { dataFormat } from './data-format.ts';
import { codecDims, type Codec } from './encode.ts';
import type { RunSettings } from './settings.ts';
import { readTensorData, tensorBatch, tensorDims } from './tensor-data.ts';
import { textData } from './text-data.ts';

export interface TrainingData {
  /** What the data settle, by symbol. */
  readonly dims: ReadonlyMap<string, number>;
  readonly codec?: Codec;
  readonly training: BatchSource;
  readonly validation?: BatchSource;
  /** What a person should know of the data. */
  readonly notes: readonly string[];
}

/**
 * `compile` gives the model with the widths that it is given settled. `codec` is that of a model
 * that is trained further; a new model gets one from its training text.
 */
export async function trainingData(
  open: Model,
  compile: (dims: ReadonlyMap<string, number>) => Promise<Model>,
  data: DataFile,
  validation: DataFile | undefined,
  settings: RunSettings,
  codec?: Codec,
): Promise<TrainingData> {
  const format = dataFormat(open, data.bytes, data.file);
  if (format.kind === 'tensors') {
    const tensors = readTensorData(data);
    const dims = tensorDims(open, tensors);
    const model = await compile(dims);
    const batch = tensorBatch(model, tensors, data.file);
    if (validation === undefined) return { dims, training: batch, notes: [] };
    const held = tensorBatch(model, readTensorData(validation), validation.file);
    return { dims, training: batch, validation: held, notes: [] };
  }
  const { counts, ...text } = textData(format, data, validation, settings, codec);
  return { ...text, dims: codecDims(format, text.codec), notes: notesOn(counts, data.file) };
}

function notesOn(counts: { training: number; validation: number }, file: string): string[] {
  if (counts.training > 1 || counts.validation > 0) return [];
  return [`${file} has one example only: nothing is left for validation, and little to learn from`];
}
