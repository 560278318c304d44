/** The model of a bundle with its weights: all widths settled, batch and time open. */
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { Model } from '../../graph/model.ts';
import { compileOpened, openSpec, type OpenedSpec } from '../spec.ts';
import { readTensors } from '../tensors.ts';
import { codecDims, type Codec } from '../training/encode.ts';
import { textFormat } from '../training/data-format.ts';
import { readRecord, type RunRecord } from '../training/run-record.ts';
import { storedWeights } from '../training/stored-weights.ts';
import { initialised, loadWeights, type WeightedModel } from '../weights.ts';

export interface BundleModelOptions {
  readonly dim: ReadonlyMap<string, number>;
  readonly weights?: string;
  readonly init?: number;
  readonly vocabulary?: string;
  /** Whether it is to be trained further where it runs. */
  readonly train?: boolean;
}

export interface BundleModel {
  readonly model: Model;
  /** The same as it is trained. */
  readonly training?: Model;
  readonly weights: ReadonlyMap<string, NdArray>;
  /** Of widths that the shapes of weights settle. */
  readonly bindings: Bindings;
  readonly opened: OpenedSpec;
  readonly codec?: Codec;
  readonly record?: RunRecord;
}

/** R7407 where there are no weights, R7408 where nothing settles a width. */
export async function openBundleModel(
  spec: string,
  options: BundleModelOptions,
  opened: OpenedSpec = openSpec(spec),
): Promise<BundleModel> {
  const { record } = opened;
  const codec =
    options.vocabulary === undefined ? record?.codec : readRecord(options.vocabulary).codec;
  const dims = await dimsOf(opened, codec, options.dim);
  const first = await weighted(spec, opened, dims, options);
  // What the shapes of weights say is said to the compiler too: only batch and time stay open.
  const told = [...first.bindings].filter(([name]) => !name.startsWith('?'));
  const settled = new Map([...told, ...dims]);
  const { model, weights, bindings } =
    settled.size === dims.size ? first : await weighted(spec, opened, settled, options);
  const training =
    options.train === true
      ? await weighted(spec, opened, settled, { ...options, mode: 'training' })
      : undefined;
  return {
    ...{ model, weights, bindings, opened },
    ...(training === undefined ? {} : { training: training.model }),
    ...(codec === undefined ? {} : { codec }),
    ...(record === undefined ? {} : { record }),
  };
}

async function dimsOf(
  opened: OpenedSpec,
  codec: Codec | undefined,
  given: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const open = await compileOpened(opened, { dims: given, mode: 'inference' });
  const format = textFormat(open);
  if (opened.record !== undefined || codec === undefined || format === undefined) return given;
  return new Map([...codecDims(format, codec), ...given]);
}

async function weighted(
  spec: string,
  opened: OpenedSpec,
  dims: ReadonlyMap<string, number>,
  {
    weights,
    init,
    mode = 'inference',
  }: BundleModelOptions & { readonly mode?: 'training' | 'inference' },
): Promise<WeightedModel> {
  const model = await compileOpened(opened, { dims, mode, quiet: true });
  if (init !== undefined) {
    return { model, weights: await initialised(model, init, dims), bindings: new Map() };
  }
  if (weights === undefined && opened.record === undefined) {
    throw new RuntimeFault(
      'R7407',
      'a spec alone has no weights',
      'give --weights FILE, --init SEED for fresh ones, or the folder of a trained model',
    );
  }
  const given = weights === undefined ? storedWeights(spec) : readTensors(weights);
  return loadWeights(model, { weights: given }, new Map());
}
