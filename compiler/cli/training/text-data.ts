/** Text on disk to batches: corpus, split, codec, ids. */
import { exampleBatches, splitExamples } from '../../../runtime/train/batches.ts';
import type { BatchSource } from '../../../runtime/train/batches.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { streamBatches } from '../../../runtime/train/stream.ts';
import { readCorpus, type TextExample } from './corpus.ts';
import type { DataFile } from './data-file.ts';
import type { TextFormat } from './data-format.ts';
import { buildCodec, encodeExamples, fieldsOf, type Codec } from './encode.ts';
import type { RunSettings } from './settings.ts';

export interface TextData {
  readonly codec: Codec;
  readonly training: BatchSource;
  readonly validation?: BatchSource;
  readonly counts: { readonly training: number; readonly validation: number };
}

/** Without a `known` one, the codec is built from the training part alone. */
export function textData(
  format: TextFormat,
  data: DataFile,
  validation: DataFile | undefined,
  settings: RunSettings,
  known?: Codec,
): TextData {
  const all = readCorpus(format, data.bytes, data.file);
  const parts =
    validation === undefined
      ? splitCorpus(format, all, settings)
      : { training: all, validation: readCorpus(format, validation.bytes, validation.file) };
  const codec = known ?? buildCodec(format, parts.training, settings);
  const validationFile = validation?.file ?? data.file;
  return {
    codec,
    training: textBatches(format, parts.training, codec, data.file, settings),
    ...(parts.validation.length === 0
      ? {}
      : {
          validation: textBatches(format, parts.validation, codec, validationFile, {
            ...settings,
            shuffle: false,
          }),
        }),
    counts: { training: parts.training.length, validation: parts.validation.length },
  };
}

/** R7609 where truncated back-propagation is asked of examples that are no stream. */
export function textBatches(
  format: TextFormat,
  examples: readonly TextExample[],
  codec: Codec,
  file: string,
  settings: Pick<RunSettings, 'batch' | 'seed' | 'truncate'> & { readonly shuffle?: boolean },
): BatchSource {
  const encoded = encodeExamples(format, examples, codec, file);
  const { truncate, batch, seed, shuffle = true } = settings;
  if (truncate === undefined) {
    return exampleBatches(fieldsOf(format), encoded, { batch, seed, shuffle });
  }
  if (format.kind !== 'sequences') {
    throw new RuntimeFault(
      'R7609',
      `truncate = ${truncate}: only a text without labels is one stream that can be cut`,
    );
  }
  const { name, lengths } = format.text;
  const sequences = encoded.map(([ids]) => ids ?? new Int32Array());
  return streamBatches(sequences, { name, lengths, batch, truncate });
}

interface Parts {
  readonly training: readonly TextExample[];
  readonly validation: readonly TextExample[];
}

/**
 * A stream keeps its order, so that its end is kept back; of other data a random part. An example
 * with a label that the training part lacks goes there, since nothing could be learned of it else.
 */
function splitCorpus(
  format: TextFormat,
  all: readonly TextExample[],
  { validation, seed, truncate }: RunSettings,
): Parts {
  const fraction = typeof validation === 'number' ? validation : 0;
  if (format.kind === 'sequences' && truncate !== undefined) {
    const kept = all.length - Math.floor(all.length * fraction);
    return { training: all.slice(0, kept), validation: all.slice(kept) };
  }
  const split = splitExamples(all.length, fraction, seed);
  const chosen = new Set(split.validation);
  const known = new Set(split.training.flatMap((i) => all[i]?.labels ?? []));
  const held = (example: TextExample, i: number): boolean =>
    chosen.has(i) && example.labels.every((label) => known.has(label));
  return {
    training: all.filter((example, i) => !held(example, i)),
    validation: all.filter(held),
  };
}
