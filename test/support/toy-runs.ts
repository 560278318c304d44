/** Training runs of the toy program, on the host and on a toy device, and what they leave. */
import { exampleBatches, type BatchSource } from '../../runtime/train/batches.ts';
import { bestPath, checkpointPath } from '../../runtime/train/checkpoint.ts';
import { logPath } from '../../runtime/train/log.ts';
import { train } from '../../runtime/train/loop.ts';
import { MemoryStore } from '../../runtime/train/store.ts';
import { streamBatches } from '../../runtime/train/stream.ts';
import type { TrainOptions, TrainResult } from '../../runtime/train/train-options.ts';
import { floats } from '../../compiler/verify/arrays.ts';
import type { ToyDevice } from './toy-device.ts';
import {
  toyExecutable,
  toyProgram,
  toyValidation,
  toyWeights,
  type ToyOptions,
} from './toy-training.ts';

const sequences = Array.from({ length: 23 }, (_, i) =>
  Int32Array.from({ length: 3 + (i % 5) }, (_, t) => (i * 7 + t * 3) % 11),
);
const fields = [{ name: 'text', kind: 'sequence', lengths: 'lengths' }] as const;
export const toyExamples = (seed: number): BatchSource =>
  exampleBatches(
    fields,
    sequences.map((ids) => [ids]),
    { batch: 4, seed },
  );
export const toyStream = (): BatchSource =>
  streamBatches(sequences, { name: 'text', lengths: 'lengths', batch: 4, truncate: 5 });

/** Never says that it begins anew, and brings states of its own now and then. */
const odd = (): BatchSource => {
  const chunks = toyStream();
  return {
    ...chunks,
    batch: (epoch, index) => {
      const { inputs, ...others } = chunks.batch(epoch, index);
      const own = floats([others.rows, 2], [1, 2, 3, 4, 5, 6, 7, index]);
      const brought = index % 3 === 2 ? new Map([...inputs, ['toy.h0', own] as const]) : inputs;
      return { ...others, inputs: brought, fresh: false };
    },
  };
};

export const toySources: readonly (readonly [string, () => BatchSource])[] = [
  ['examples', () => toyExamples(1)],
  ['a stream with carried states', toyStream],
  ['a stream with states of its own', odd],
];

/** Three epochs of six steps, without a checkpoint but at the ends. */
export function toyRun(changes: Partial<TrainOptions> = {}, toy: ToyOptions = {}): TrainOptions {
  return {
    program: toyProgram,
    executable: toyExecutable(toy),
    training: toyExamples(1),
    validation: { executable: toyValidation(), data: toyExamples(2) },
    weights: toyWeights,
    epochs: 3,
    seed: 1,
    store: new MemoryStore(),
    fingerprint: 'toy',
    checkpointSeconds: 1000,
    ...changes,
  };
}

/** The same run on a device. */
export function onDevice(device: ToyDevice, run: TrainOptions): TrainOptions {
  const { validation } = run;
  return {
    ...run,
    executable: device.program('train', run.executable),
    ...(validation === undefined
      ? {}
      : {
          validation: {
            ...validation,
            executable: device.program('validate', validation.executable),
          },
        }),
  };
}

export async function filesOf(store: MemoryStore): Promise<(string | undefined)[]> {
  const files = await Promise.all([checkpointPath, bestPath, logPath].map((p) => store.read(p)));
  return files.map((bytes) => bytes && Buffer.from(bytes).toString('latin1'));
}

export interface Outcome {
  readonly files: readonly (string | undefined)[];
  readonly result: TrainResult;
}

export async function outcomeOf(run: TrainOptions): Promise<Outcome> {
  const store = new MemoryStore();
  const result = await train({ ...run, store });
  return { files: await filesOf(store), result };
}
