/** Loss and metrics of a trained model on data; for tags also precision, recall and F1 of spans. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Labels } from '../../../runtime/text/labels.ts';
import type { BatchSource } from '../../../runtime/train/batches.ts';
import { evaluate } from '../../../runtime/train/evaluate.ts';
import { tagScores, type MetricValues, type TagScores } from '../../../runtime/train/metrics.ts';
import type { Model, ModelOutput } from '../../graph/model.ts';
import type { EngineOptions } from '../options.ts';
import { readCorpus } from './corpus.ts';
import { dataFormat, type ClassInput, type TextFormat } from './data-format.ts';
import type { DataFile } from './data-file.ts';
import { lossExecutable, trainingProgram } from './program.ts';
import { readTensorData, tensorBatch } from './tensor-data.ts';
import { textBatches } from './text-data.ts';
import { needText, type TrainedModel } from './trained-model.ts';

export interface DataScores {
  readonly loss: number;
  readonly metrics: MetricValues;
  readonly tokens: number;
  readonly tags?: TagScores;
}

/** Faults of the data as in training; R7205 for a label that training never saw. */
export async function evaluateOn(
  trained: TrainedModel,
  engine: EngineOptions,
  data: DataFile,
  batch: number,
): Promise<DataScores> {
  const { model, bindings, weights } = trained;
  const format = dataFormat(model, data.bytes, data.file);
  const program = trainingProgram(model, bindings, engine.dtype);
  const output = format.kind === 'tagged' ? tagOutput(model, format.label) : undefined;
  const outputs = output === undefined ? [] : [output.name];
  const executable = await lossExecutable(model, engine, bindings, outputs);
  const collector = new TagCollector(format, trained.codec?.labels, output);
  const source =
    format.kind === 'tensors'
      ? tensorBatch(model, readTensorData(data), data.file)
      : textSource(trained, format, data, batch);
  const found = await evaluate(executable, program, weights, source, {
    outputs,
    see: ({ inputs }, results) => collector.see(inputs, results),
  });
  if (found === undefined) throw new Error('an evaluation without a signal was stopped');
  const { loss, metrics, tokens } = found;
  const tags = collector.scores();
  return { loss, metrics, tokens, ...(tags === undefined ? {} : { tags }) };
}

function textSource(
  trained: TrainedModel,
  format: TextFormat,
  data: DataFile,
  batch: number,
): BatchSource {
  const { codec } = needText(trained);
  const corpus = readCorpus(format, data.bytes, data.file);
  const truncate = trained.record?.settings.truncate;
  return textBatches(format, corpus, codec, data.file, {
    batch,
    seed: 0,
    shuffle: false,
    ...(truncate === undefined ? {} : { truncate }),
  });
}

function tagOutput(model: Model, label: ClassInput): ModelOutput | undefined {
  return model.outputs.find((o) => o.distribution === 'softmax' && o.time === label.time);
}

/** Keeps, of every batch that runs, the tags that were expected and those that are most likely. */
class TagCollector {
  private readonly format: ReturnType<typeof dataFormat>;
  private readonly labels: Labels | undefined;
  private readonly output: ModelOutput | undefined;
  private readonly expected: string[][] = [];
  private readonly predicted: string[][] = [];

  constructor(
    format: ReturnType<typeof dataFormat>,
    labels: Labels | undefined,
    output: ModelOutput | undefined,
  ) {
    this.format = format;
    this.labels = labels;
    this.output = output;
  }

  see(inputs: ReadonlyMap<string, NdArray>, results: ReadonlyMap<string, NdArray>): void {
    if (this.format.kind !== 'tagged' || this.output === undefined) return;
    const { text, label } = this.format;
    this.collect(inputs.get(label.name), inputs.get(text.lengths), results.get(this.output.name));
  }

  /** Undefined where nothing says which tag is no span. */
  scores(): TagScores | undefined {
    const outside = ['O', '0'].find((name) => this.labels?.names.includes(name));
    if (this.expected.length === 0 || outside === undefined) return undefined;
    return tagScores(this.expected, this.predicted, outside);
  }

  private collect(
    label: NdArray | undefined,
    lengths: NdArray | undefined,
    probabilities: NdArray | undefined,
  ): void {
    if (label === undefined || lengths === undefined || probabilities === undefined) return;
    const [rows = 0, time = 0] = label.shape;
    const width = probabilities.shape[2] ?? 0;
    const name = (id: number): string => this.labels?.names[id] ?? String(id);
    for (let row = 0; row < rows; row++) {
      const expected: string[] = [];
      const predicted: string[] = [];
      for (let step = 0; step < (lengths.data[row] ?? 0); step++) {
        const at = row * time + step;
        expected.push(name(label.data[at] ?? 0));
        predicted.push(name(likeliest(probabilities, at * width, width)));
      }
      this.expected.push(expected);
      this.predicted.push(predicted);
    }
  }
}

function likeliest({ data }: NdArray, start: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) {
    if ((data[start + i] ?? 0) > (data[start + best] ?? 0)) best = i;
  }
  return best;
}
