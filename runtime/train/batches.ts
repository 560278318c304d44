/**
 * Examples to batches. Sequences of like length go together, so that little is padding; the order
 * depends on seed and epoch alone, so that a resumed run sees what an uninterrupted one would.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { threefry2x32 } from '../artifact/threefry.ts';
import { hostSites, permutation, RandomStream } from './random.ts';

/** Inputs of one step, and what the driver must know of them. */
export interface Batch {
  /** By parameter name, lengths included; every array has the batch as axis 0. */
  readonly inputs: ReadonlyMap<string, NdArray>;
  readonly rows: number;
  /** Time steps that are no padding; rows where nothing is a sequence. */
  readonly tokens: number;
  /** True where initial states are zero, false where they are the batch before's final states. */
  readonly fresh: boolean;
}

/** Batches of a run; pure: the same epoch and index give the same batch. */
export interface BatchSource {
  /** How many there are in an epoch (from 0), at least 1. */
  count(epoch: number): number;
  batch(epoch: number, index: number): Batch;
  /** Whether batches go on from the states in which the one before ended. */
  readonly carries: boolean;
}

/** One input of the model. */
export interface Field {
  readonly name: string;
  /** `sequence`: ids over time, [B, T]; `value`: one id a row, [B]. */
  readonly kind: 'sequence' | 'value';
  /** The parameter that holds a sequence's lengths. */
  readonly lengths?: string;
}

/** Ids of one example, one array a field; a `value` has one id. */
export type Example = readonly Int32Array[];

export interface BatchOptions {
  /** Rows of a batch; the last of an epoch may have fewer. */
  readonly batch: number;
  readonly seed: number;
  /** False keeps the order of the file, as validation does; true if left out. */
  readonly shuffle?: boolean;
}

/** How many batches are drawn together and sorted by length among themselves. */
const batchesInPool = 32;

/** A data set of whole examples. Faults: R7202 for no examples, R7310 for a batch below 1. */
export function exampleBatches(
  fields: readonly Field[],
  examples: readonly Example[],
  options: BatchOptions,
): BatchSource {
  if (examples.length === 0) throw new RuntimeFault('R7202', 'there is no example to train on');
  checkBatch(options.batch);
  const lengths = examples.map((example) => Math.max(...example.map((ids) => ids.length)));
  let planned = { epoch: -1, groups: [] as readonly Int32Array[] };
  const groupsOf = (epoch: number): readonly Int32Array[] => {
    if (planned.epoch !== epoch) planned = { epoch, groups: planEpoch(lengths, epoch, options) };
    return planned.groups;
  };
  return {
    carries: false,
    count: (epoch) => groupsOf(epoch).length,
    batch: (epoch, index) => {
      const rows = [...(groupsOf(epoch)[index] ?? [])].map((i) => examples[i] ?? []);
      return padExamples(fields, rows);
    },
  };
}

/** Indices of the examples of each batch of one epoch. */
export function planEpoch(
  lengths: readonly number[],
  epoch: number,
  options: BatchOptions,
): Int32Array[] {
  const { batch, seed, shuffle = true } = options;
  const random = new RandomStream(seed, epoch, hostSites.shuffle);
  const order = shuffle
    ? permutation(lengths.length, random)
    : Int32Array.from(lengths, (_, i) => i);
  const groups: Int32Array[] = [];
  const poolSize = batch * batchesInPool;
  for (let start = 0; start < order.length; start += poolSize) {
    const pool = order.slice(start, start + poolSize);
    // The sort is stable: equal lengths stay in random order.
    if (shuffle) pool.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
    for (let i = 0; i < pool.length; i += batch) groups.push(pool.slice(i, i + batch));
  }
  if (!shuffle) return groups;
  return [...permutation(groups.length, random)].map((i) => groups[i] ?? new Int32Array());
}

/**
 * Pads each sequence field with zeros to its longest row. Fields with the same lengths parameter
 * must have the same length in every example: fault R7311 otherwise.
 */
export function padExamples(fields: readonly Field[], examples: readonly Example[]): Batch {
  const inputs = new Map<string, NdArray>();
  const rows = examples.length;
  let tokens = 0;
  fields.forEach((field, f) => {
    const columns = examples.map((example) => example[f] ?? new Int32Array());
    if (field.kind === 'value') {
      inputs.set(
        field.name,
        ints(
          [rows],
          Int32Array.from(columns, (ids) => ids[0] ?? 0),
        ),
      );
      return;
    }
    const time = Math.max(0, ...columns.map((ids) => ids.length));
    const data = new Int32Array(rows * time);
    columns.forEach((ids, row) => data.set(ids, row * time));
    inputs.set(field.name, ints([rows, time], data));
    const lengths = Int32Array.from(columns, (ids) => ids.length);
    tokens = Math.max(tokens, sum(lengths));
    if (field.lengths !== undefined) setLengths(inputs, field, lengths);
  });
  return { inputs, rows, tokens: tokens === 0 ? rows : tokens, fresh: true };
}

/** A whole batch that was given (a safetensors file), used in every step. */
export function fixedBatch(inputs: ReadonlyMap<string, NdArray>): BatchSource {
  const [first] = inputs.values();
  const rows = first?.shape[0] ?? 1;
  const lengths = inputs.get('lengths');
  const time = Math.max(1, ...[...inputs.values()].map((a) => a.shape[1] ?? 1));
  const tokens = lengths === undefined ? rows * time : sum(Int32Array.from(lengths.data));
  const only: Batch = { inputs, rows, tokens, fresh: true };
  return { carries: false, count: () => 1, batch: () => only };
}

/**
 * Which examples are for validation, by a hash of seed and index: an example stays on its side when
 * others are added behind it. With a fraction above 0 and two examples or more, neither side is
 * empty. Faults: R7310 for a fraction outside [0, 1).
 */
export function splitExamples(
  count: number,
  fraction: number,
  seed: number,
): { readonly training: readonly number[]; readonly validation: readonly number[] } {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new RuntimeFault('R7310', `validation must be a fraction from 0 to 1, not ${fraction}`);
  }
  const all = Array.from({ length: count }, (_, i) => i);
  if (fraction === 0 || count < 2) return { training: all, validation: [] };
  const hashes = all.map((i) => threefry2x32(seed, 0, hostSites.split, i)[0]);
  const chosen = new Set(all.filter((i) => (hashes[i] ?? 0) < fraction * 0x100000000));
  const ranked = [...all].sort((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0));
  if (chosen.size === 0) chosen.add(ranked[0] ?? 0);
  if (chosen.size === count) chosen.delete(ranked.at(-1) ?? 0);
  return {
    training: all.filter((i) => !chosen.has(i)),
    validation: all.filter((i) => chosen.has(i)),
  };
}

export function checkBatch(batch: number): void {
  if (!(Number.isInteger(batch) && batch >= 1)) {
    throw new RuntimeFault('R7310', `a batch must have a whole number of rows, not ${batch}`);
  }
}

function setLengths(inputs: Map<string, NdArray>, field: Field, lengths: Int32Array): void {
  const name = field.lengths ?? '';
  const known = inputs.get(name);
  const row = lengths.findIndex((length, i) => known !== undefined && known.data[i] !== length);
  if (row >= 0) {
    throw new RuntimeFault(
      'R7311',
      `${field.name} has ${lengths[row] ?? 0} time steps where another input of the same example ` +
        `has ${known?.data[row] ?? 0}`,
      'inputs over the same time symbol must be equally long in every example',
    );
  }
  inputs.set(name, ints([lengths.length], lengths));
}

function ints(shape: readonly number[], data: Int32Array): NdArray {
  return { dtype: 'int', shape, data };
}

function sum(values: Int32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
