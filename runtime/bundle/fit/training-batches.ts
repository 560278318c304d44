/** From examples, as a person gives them, to the batches of training, in their order. */
import { RuntimeFault } from '../../artifact/executable.ts';
import type { NdArray } from '../../artifact/nd-array.ts';
import { endId } from '../../text/vocabulary.ts';
import { checkBatch, planEpoch, type Batch, type BatchSource } from '../../train/batches.ts';
import { streamBatches } from '../../train/stream.ts';
import type { Numbers } from '../engine.ts';
import { batchOf, type Batch as PaddedBatch, type Encode, type Example } from '../examples.ts';
import { rateFactor } from '../../artifact/training.ts';
import type { DescribedTraining } from './description.ts';

interface Given {
  readonly examples: readonly Example[];
  readonly encode: Encode | undefined;
}

export interface BatchHow {
  readonly batch: number;
  readonly seed: number;
  /** What the learning rate is multiplied by. */
  readonly rate: number;
}

/**
 * As `gatework train` has them of the same data. Faults: R7801 for an example that is wrong, R7202
 * for none, R7310 for a batch below 1.
 */
export function trainingBatches(
  training: DescribedTraining,
  { examples, encode }: Given,
  how: BatchHow,
): BatchSource {
  checkBatch(how.batch);
  if (examples.length === 0) throw new RuntimeFault('R7202', 'there is no example to train on');
  const ready = examples.map((example, i) => encoded(training, example, { encode, i }));
  const rate: NdArray = { dtype: 'float', shape: [], data: Float32Array.of(how.rate) };
  const withRate = (batch: Batch): Batch => {
    return { ...batch, inputs: new Map([...batch.inputs, [rateFactor, rate]]) };
  };
  const source = sourceOf(training, ready, how);
  return { ...source, batch: (epoch, index) => withRate(source.batch(epoch, index)) };
}

function sourceOf(
  training: DescribedTraining,
  examples: readonly Encoded[],
  { batch, seed }: BatchHow,
): BatchSource {
  const { truncate, ended } = training;
  const [lengths] = training.lengths;
  if (truncate !== undefined && ended !== undefined && lengths !== undefined) {
    const sequences = examples.map(({ numbers }) => numbers[ended] ?? new Int32Array());
    const ids = sequences.map((numbers) => Int32Array.from(numbers));
    return streamBatches(ids, { name: ended, lengths: lengths.name, batch, truncate });
  }
  const longest = examples.map((example) => example.steps);
  let planned = { epoch: -1, groups: [] as readonly Int32Array[] };
  const groupsOf = (epoch: number): readonly Int32Array[] => {
    const groups = () => planEpoch(longest, epoch, { batch, seed });
    if (planned.epoch !== epoch) planned = { epoch, groups: groups() };
    return planned.groups;
  };
  return {
    carries: false,
    count: (epoch) => groupsOf(epoch).length,
    batch: (epoch, index) => {
      const rows = [...(groupsOf(epoch)[index] ?? [])];
      return padded(
        training,
        rows.map((i) => examples[i]?.numbers ?? {}),
      );
    },
  };
}

interface Encoded {
  readonly numbers: Readonly<Record<string, Numbers>>;
  /** Of its longest sequence. */
  readonly steps: number;
}

/** One example as numbers, once for all epochs. */
function encoded(
  training: DescribedTraining,
  example: Example,
  { encode, i }: { readonly encode: Encode | undefined; readonly i: number },
): Encoded {
  const ending: Encode = (input, value) => {
    const found = encode?.(input, value);
    if (found === undefined || input.name !== training.ended) return found;
    return { numbers: [...Array.from(found.numbers), endId] };
  };
  try {
    const { inputs, lengths } = batchOf(described(training), [example], ending);
    const numbers = training.inputs.map(({ name }): [string, Numbers] => {
      return [name, inputs.get(name) ?? new Float32Array()];
    });
    const steps = Math.max(1, ...[...lengths.values()].flat());
    return { numbers: Object.fromEntries(numbers), steps };
  } catch (error) {
    if (!(error instanceof RuntimeFault)) throw error;
    throw new RuntimeFault(error.code, `example ${i}: ${error.message}`, error.hint);
  }
}

function padded(training: DescribedTraining, examples: readonly Example[]): Batch {
  const batch = batchOf(described(training), examples, undefined);
  const rows = examples.length;
  const shapes = shapesOf(training, rows, batch);
  const inputs = [...batch.inputs].map(([name, data]): [string, NdArray] => {
    const dtype = data instanceof Int32Array ? 'int' : 'float';
    return [name, { dtype, shape: shapes.get(name) ?? [data.length], data }];
  });
  const steps = [...batch.lengths.values()].map((each) => each.reduce((sum, n) => sum + n, 0));
  const tokens = Math.max(0, ...steps);
  return { inputs: new Map(inputs), rows, tokens: tokens === 0 ? rows : tokens, fresh: true };
}

function shapesOf(
  { inputs }: DescribedTraining,
  rows: number,
  { lengths }: PaddedBatch,
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    inputs.map(({ name, time, sizes }) => {
      const steps = time === undefined ? [] : [Math.max(0, ...(lengths.get(time) ?? []))];
      return [name, [rows, ...steps, ...sizes]];
    }),
  );
}

/** Initial states are the training loop's business. */
function described(training: DescribedTraining): Parameters<typeof batchOf>[0] {
  return { ...training, symbols: [], zeros: [], states: [] };
}
