/**
 * Everything that a run needs to go on exactly, in one safetensors file: weights, optimizer states,
 * carried states, place in the data, sums of the epoch so far, and where the log stands. Floats are
 * tensors and not text, so that they come back with the same bits.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { fromNdArrays, toNdArrays } from '../tensors/convert.ts';
import { readSafetensors, writeSafetensors } from '../tensors/safetensors.ts';
import type { Tally } from './metrics.ts';
import type { TrainingProgram } from '../artifact/training.ts';
import { zeroOptimizer } from './training-program.ts';

/** How far a run is, and the numbers that it has added up on the way. */
export interface TrainPlace {
  /** Updates done. */
  readonly step: number;
  /** Epochs done, with their validation. */
  readonly epoch: number;
  /** Batches done in the epoch that runs. */
  readonly position: number;
  readonly seed: number;
  /** Of the epoch that runs: the loss, then each metric. */
  readonly tallies: readonly Tally[];
  /** Norms of the last gradients, for telling an explosion. */
  readonly norms: readonly number[];
  readonly best?: BestMark;
}

/** What the program changes; it may lie on a device. */
export interface TrainArrays {
  readonly weights: ReadonlyMap<string, NdArray>;
  /** By parameter name, `optimizer/WEIGHT/STATE`. */
  readonly optimizer: ReadonlyMap<string, NdArray>;
  /** Initial states of the next batch by parameter name; empty where it begins with zeros. */
  readonly carried: ReadonlyMap<string, NdArray>;
}

export interface TrainState extends TrainPlace, TrainArrays {
  /** Records in the log. */
  readonly logRecords: number;
}

/** The least validation loss so far, and when it was. */
export interface BestMark {
  readonly loss: number;
  readonly step: number;
  readonly epoch: number;
}

export const checkpointPath = 'checkpoint.safetensors';
export const bestPath = 'best.safetensors';

const format = 'gatework-checkpoint-1';
const places = ['step', 'epoch', 'position', 'seed', 'logRecords'] as const;

/** `fingerprint` says which spec and data the run is of; a checkpoint resumes only the same. */
export function writeCheckpoint(state: TrainState, fingerprint: string): Uint8Array {
  const arrays = new Map<string, NdArray>();
  for (const [name, array] of state.weights) arrays.set(`weight/${name}`, array);
  for (const [name, array] of state.optimizer) arrays.set(name, array);
  for (const [name, array] of state.carried) arrays.set(`carried/${name}`, array);
  arrays.set('run/tallies', floats(state.tallies.flatMap((t) => [t.sum, t.count])));
  arrays.set('run/norms', floats(state.norms));
  const { best } = state;
  arrays.set('run/best', floats(best === undefined ? [] : [best.loss, best.step, best.epoch]));
  const metadata = new Map([
    ['format', format],
    ['fingerprint', fingerprint],
  ]);
  for (const place of places) metadata.set(place, String(state[place]));
  return writeSafetensors(fromNdArrays(arrays), metadata);
}

/**
 * Faults: R71xx where the file is no safetensors file; R7303 where it is no checkpoint, or a tensor
 * is missing or mis-shaped; R7302 where it is of another run (fingerprint, seed).
 */
export function readCheckpoint(
  bytes: Uint8Array,
  file: string,
  program: TrainingProgram,
  run: { readonly fingerprint: string; readonly seed: number },
): TrainState {
  const { tensors, metadata } = readSafetensors(bytes, file);
  if (metadata.get('format') !== format) {
    throw new RuntimeFault('R7303', `${file}: not a checkpoint that this version writes`);
  }
  const [step, epoch, position, seed, logRecords] = places.map((p) => count(metadata, p, file));
  checkRun(metadata.get('fingerprint') ?? '', seed ?? 0, run, file);
  const arrays = toNdArrays(tensors);
  const best = numbers(arrays, 'run/best', file);
  const [loss, bestStep, bestEpoch] = best;
  return {
    step: step ?? 0,
    epoch: epoch ?? 0,
    position: position ?? 0,
    seed: seed ?? 0,
    logRecords: logRecords ?? 0,
    weights: readWeights(arrays, file, program),
    optimizer: readOptimizer(arrays, file, program),
    carried: readCarried(arrays, program, file),
    tallies: pairs(numbers(arrays, 'run/tallies', file), program.metrics.length + 1, file),
    norms: numbers(arrays, 'run/norms', file),
    ...(loss === undefined || bestStep === undefined || bestEpoch === undefined
      ? {}
      : { best: { loss, step: bestStep, epoch: bestEpoch } }),
  };
}

/** Weights under their own names, for `best.safetensors` and for loading elsewhere. */
export function writeWeights(weights: ReadonlyMap<string, NdArray>): Uint8Array {
  return writeSafetensors(fromNdArrays(weights));
}

/** The program's weights out of such a file. Faults: R71xx; R7303 for one missing or mis-shaped. */
export function readBestWeights(
  bytes: Uint8Array,
  file: string,
  program: TrainingProgram,
): Map<string, NdArray> {
  const arrays = toNdArrays(readSafetensors(bytes, file).tensors);
  return new Map(program.weights.map((w) => [w.name, fetch(arrays, w.name, w.shape, file)]));
}

function checkRun(
  fingerprint: string,
  seed: number,
  run: { readonly fingerprint: string; readonly seed: number },
  file: string,
): void {
  if (fingerprint !== run.fingerprint) {
    throw new RuntimeFault(
      'R7302',
      `${file}: the checkpoint is of another run: ${fingerprint} instead of ${run.fingerprint}`,
      'resume with the spec, the data and the settings that the run began with, or begin anew',
    );
  }
  if (seed !== run.seed) {
    throw new RuntimeFault(
      'R7302',
      `${file}: the run began with the seed ${seed}, not ${run.seed}`,
      `resume with the seed ${seed}`,
    );
  }
}

function readWeights(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  program: TrainingProgram,
): Map<string, NdArray> {
  return new Map(
    program.weights.map((w) => [w.name, fetch(arrays, `weight/${w.name}`, w.shape, file)]),
  );
}

function readOptimizer(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  program: TrainingProgram,
): Map<string, NdArray> {
  const read = new Map<string, NdArray>();
  for (const [name, { shape }] of zeroOptimizer(program)) {
    read.set(name, fetch(arrays, name, shape, file));
  }
  return read;
}

function readCarried(
  arrays: ReadonlyMap<string, NdArray>,
  program: TrainingProgram,
  file: string,
): Map<string, NdArray> {
  const read = new Map<string, NdArray>();
  for (const { initial, shape } of program.states) {
    const stored = arrays.get(`carried/${initial}`);
    if (stored === undefined) continue;
    const rows = stored.shape[0] ?? 0;
    read.set(initial, fetch(arrays, `carried/${initial}`, [rows, ...shape], file));
  }
  return read;
}

function fetch(
  arrays: ReadonlyMap<string, NdArray>,
  name: string,
  shape: readonly number[],
  file: string,
): NdArray {
  const array = arrays.get(name);
  if (array === undefined) throw new RuntimeFault('R7303', `${file}: no tensor \`${name}\``);
  if (array.shape.join() !== shape.join()) {
    throw new RuntimeFault(
      'R7303',
      `${file}: tensor \`${name}\` is [${array.shape.join(', ')}], not [${shape.join(', ')}]`,
    );
  }
  return array;
}

function count(metadata: ReadonlyMap<string, string>, name: string, file: string): number {
  const value = Number(metadata.get(name) ?? NaN);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RuntimeFault('R7303', `${file}: the checkpoint does not say its ${name}`);
  }
  return value;
}

function floats(values: readonly number[]): NdArray {
  return { dtype: 'float', shape: [values.length], data: Float64Array.from(values) };
}

function numbers(arrays: ReadonlyMap<string, NdArray>, name: string, file: string): number[] {
  const array = arrays.get(name);
  if (array === undefined) throw new RuntimeFault('R7303', `${file}: no tensor \`${name}\``);
  return Array.from(array.data);
}

function pairs(values: readonly number[], wanted: number, file: string): Tally[] {
  if (values.length !== 2 * wanted) {
    throw new RuntimeFault('R7303', `${file}: the checkpoint is of other metrics`);
  }
  return Array.from({ length: wanted }, (_, i) => ({
    sum: values[2 * i] ?? 0,
    count: values[2 * i + 1] ?? 0,
  }));
}
