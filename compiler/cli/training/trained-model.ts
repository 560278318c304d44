/**
 * A model with its weights and what turns text into its ids, ready to be asked: from a trained
 * model's folder, or from a spec with `--weights` and, where text comes in, `--vocabulary`.
 */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { Labels } from '../../../runtime/text/labels.ts';
import { fixedValue, type Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import type { EngineOptions } from '../options.ts';
import { compileOpened, openSpec } from '../spec.ts';
import { readTensors } from '../tensors.ts';
import { loadWeights } from '../weights.ts';
import type { TextFormat } from './data-format.ts';
import { codecDims, type Codec } from './encode.ts';
import { textFormat } from './data-format.ts';
import { readRecord, type RunRecord } from './run-record.ts';
import { storedWeights } from './stored-weights.ts';

export interface TrainedModel {
  /** For inference: dropout does nothing. */
  readonly model: Model;
  readonly weights: ReadonlyMap<string, NdArray>;
  readonly bindings: Bindings;
  readonly codec?: Codec;
  readonly record?: RunRecord;
}

export interface TrainedModelOptions extends EngineOptions {
  readonly dim: ReadonlyMap<string, number>;
  readonly weights?: string;
  readonly vocabulary?: string;
}

/** R7407 where there are no weights. */
export async function openTrained(
  spec: string,
  options: TrainedModelOptions,
): Promise<TrainedModel> {
  const opened = openSpec(spec);
  const { record } = opened;
  const codec =
    options.vocabulary === undefined ? record?.codec : readRecord(options.vocabulary).codec;
  const model = await compileWith(opened, codec, options.dim);
  if (options.weights === undefined && record === undefined) {
    throw new RuntimeFault(
      'R7407',
      'a spec alone has no weights',
      'give the folder of a trained model instead of the spec, or --weights FILE',
    );
  }
  const given = options.weights === undefined ? storedWeights(spec) : readTensors(options.weights);
  const loaded = await loadWeights(model, { weights: given }, new Map());
  return {
    model: loaded.model,
    weights: inPrecision(loaded.weights, options.dtype),
    bindings: loaded.bindings,
    ...(codec === undefined ? {} : { codec }),
    ...(record === undefined ? {} : { record }),
  };
}

/** The text format and its codec. R7607 for a model that reads no text, or without a vocabulary. */
export function needText({ model, codec }: TrainedModel): { format: TextFormat; codec: Codec } {
  const format = textFormat(model);
  if (format === undefined) {
    throw new RuntimeFault('R7607', `${model.name} reads no text: its inputs are tensors`);
  }
  if (codec === undefined) {
    throw new RuntimeFault(
      'R7607',
      `nothing says which ids the text of ${model.name} has`,
      'give the folder of a trained model, or --vocabulary with its model.json',
    );
  }
  const size = format.text.size === undefined ? undefined : fixedValue(format.text.size);
  if (size !== undefined && size < codec.vocabulary.size) {
    throw new RuntimeFault(
      'R7607',
      `the vocabulary has ${codec.vocabulary.size} tokens, the model ids below ${size}`,
    );
  }
  if (format.kind === 'sequences' || codec.labels !== undefined) return { format, codec };
  return { format, codec: { ...codec, labels: Labels.build([]) } };
}

async function compileWith(
  opened: ReturnType<typeof openSpec>,
  codec: Codec | undefined,
  dims: ReadonlyMap<string, number>,
): Promise<Model> {
  const open = await compileOpened(opened, { dims, mode: 'inference' });
  const format = textFormat(open);
  if (opened.record !== undefined || codec === undefined || format === undefined) return open;
  const settled = new Map([...codecDims(format, codec), ...dims]);
  return compileOpened(opened, { dims: settled, mode: 'inference', quiet: true });
}

/** Once, since the interpreter would convert them at every run. */
function inPrecision(
  weights: ReadonlyMap<string, NdArray>,
  dtype: EngineOptions['dtype'],
): Map<string, NdArray> {
  const wanted = dtype === 'f64' ? Float64Array : Float32Array;
  return new Map(
    [...weights].map(([name, array]) => [
      name,
      array.data instanceof wanted ? array : { ...array, data: wanted.from(array.data) },
    ]),
  );
}
