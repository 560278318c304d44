/** What a training run is given, what it tells on its way, and what it yields. */
import { RuntimeFault, type Executable } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { BatchSource } from './batches.ts';
import type { BestMark } from './checkpoint.ts';
import type { Evaluation } from './evaluate.ts';
import type { MetricValues } from './metrics.ts';
import { checkSeed } from './random.ts';
import type { Store } from './store.ts';
import type { TrainingProgram } from '../artifact/training.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export interface TrainOptions {
  readonly program: TrainingProgram;
  /** The training step, see TrainingProgram. */
  readonly executable: Executable;
  readonly training: BatchSource;
  /** The loss without dropout, and data that training never sees; both or none. */
  readonly validation?: { readonly executable: Executable; readonly data: BatchSource };
  /** First values by name; a resumed run takes the checkpoint's. */
  readonly weights: () => Arrays;
  /** What earlier updates left beside the weights, where there were any. */
  readonly begin?: { readonly step: number; readonly optimizer: Arrays };
  /**
   * The run ends after so many epochs or steps, whichever comes first; one must be given. Steps of
   * `begin` count, its epochs do not.
   */
  readonly epochs?: number | undefined;
  readonly steps?: number | undefined;
  readonly seed: number;
  /** Where checkpoint, best weights and log go; nothing is kept without one. */
  readonly store?: Store;
  /** Says which spec, data and settings this is; a checkpoint of another is refused. */
  readonly fingerprint?: string;
  /** Goes on from the store's checkpoint; a fault R7304 where there is none. */
  readonly resume?: boolean;
  /** Least time between two checkpoints, 2 by default; 0 writes one after every step. */
  readonly checkpointSeconds?: number;
  readonly onProgress?: (progress: TrainProgress) => void;
  readonly onWarning?: (message: string) => void;
  /** Once aborted, what runs is finished, a checkpoint written and the result returned. */
  readonly signal?: AbortSignal;
  /**
   * Opens the programs anew after a fault T6405 (their device was lost), or gives the same ones
   * where they find a device themselves. Training goes on from the last state that the host has, to
   * the same end. A second loss before a step that is new is final; so is any without `reopen`. To
   * close programs is the caller's business.
   */
  readonly reopen?: () => Promise<Reopened>;
}

export interface Reopened {
  /** In the places of `executable` and `validation.executable` of the options. */
  readonly executable: Executable;
  readonly validation?: Executable;
}

export interface TrainProgress {
  readonly step: number;
  /** Steps that the whole run will have made, as far as is known. */
  readonly totalSteps: number;
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly metrics: MetricValues;
  readonly rate: number;
  readonly gradientNorm: number;
  /** Of this step's batch, padding not counted. */
  readonly tokens: number;
  /** The last one, if there was one. */
  readonly validation?: { readonly loss: number; readonly metrics: MetricValues };
}

export interface TrainResult {
  readonly interrupted: boolean;
  /** Updates and epochs done, those before a resumption included. */
  readonly step: number;
  readonly epoch: number;
  /** After the last update. */
  readonly weights: Arrays;
  readonly optimizer: Arrays;
  /** The weights of least validation loss, where there was a validation. */
  readonly best?: BestMark & { readonly weights: Arrays };
  /** Of the final weights, where there is validation data. */
  readonly validation?: Evaluation;
}

/** Faults: R7309 for the seed, R7310 for the number of steps or epochs. */
export function checkOptions(options: TrainOptions): void {
  checkSeed(options.seed);
  const { epochs, steps } = options;
  for (const limit of [epochs, steps]) {
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
      throw new RuntimeFault('R7310', `steps and epochs must be whole numbers, not ${limit}`);
    }
  }
  if (epochs === undefined && steps === undefined) {
    throw new RuntimeFault('R7310', 'training needs a number of epochs or of steps');
  }
}
