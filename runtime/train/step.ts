/**
 * One update: the state and a batch go into the program, the next weights and what it says come
 * out.
 */
import { RuntimeFault, type Executable } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Batch } from './batches.ts';
import type { TrainState } from './checkpoint.ts';
import type { Tally } from './metrics.ts';
import { newFloats, zeroStates, type TrainingProgram } from './training-program.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export interface StepOutcome {
  readonly loss: number;
  /** Of the whole gradient, before clipping. */
  readonly gradientNorm: number;
  readonly rate: number;
  readonly weights: Arrays;
  readonly optimizer: Arrays;
  /** Final states, by the names of the initial states that they become. */
  readonly finals: Arrays;
  readonly tallies: readonly Tally[];
  /** Norm of each weight's gradient. */
  readonly norms: ReadonlyMap<string, number>;
}

/**
 * Runs update `state.step + 1`. Faults: R7305 where the program lacks a result that it must have.
 */
export async function runStep(
  executable: Executable,
  program: TrainingProgram,
  state: TrainState,
  batch: Batch,
): Promise<StepOutcome> {
  const results = await executable.run(stepInputs(program, state, batch));
  const finals = program.states.map(
    ({ initial, final }) => [initial, need(results, final)] as const,
  );
  return {
    loss: scalar(results, 'loss'),
    gradientNorm: scalar(results, 'gradientNorm'),
    rate: scalar(results, 'rate'),
    weights: renamed(state.weights, results),
    optimizer: renamed(state.optimizer, results),
    finals: new Map(finals),
    tallies: readTallies(program, results),
    norms: new Map(program.weights.map(({ name }) => [name, scalar(results, `norm/${name}`)])),
  };
}

/** Sums and counts of the program's metrics, in their order. */
export function readTallies(program: TrainingProgram, results: Arrays): Tally[] {
  return program.metrics.map(({ sum, count }) => ({
    sum: scalar(results, sum),
    count: scalar(results, count),
  }));
}

/**
 * How much a batch's loss counts in a mean over batches: the targets that it is a mean of, where a
 * metric tells their number, else its time steps.
 */
export function lossWeight(
  program: TrainingProgram,
  batch: Batch,
  tallies: readonly Tally[],
): number {
  const at = program.metrics.findIndex((metric) => metric.kind === 'nats');
  return tallies[at]?.count ?? batch.tokens;
}

/** The value of a result with one element. Faults: R7305 where there is none. */
export function scalar(results: Arrays, name: string): number {
  const [value] = need(results, name).data;
  if (value === undefined) throw new RuntimeFault('R7305', `the result ${name} is empty`);
  return value;
}

function stepInputs(program: TrainingProgram, state: TrainState, batch: Batch): Arrays {
  const step = state.step + 1;
  const stepValue = newFloats(program, 1).fill(step);
  const inputs = new Map<string, NdArray>([
    ...batch.inputs,
    ...state.weights,
    ...state.optimizer,
    ...initialStates(program, state.carried, batch),
    ['step', { dtype: 'float', shape: [], data: stepValue }],
  ]);
  if (program.random) {
    inputs.set('random', { dtype: 'int', shape: [2], data: Int32Array.of(state.seed, step) });
  }
  return inputs;
}

/** Carried states where the batch goes on from the one before; zeros, or what it brings itself. */
export function initialStates(program: TrainingProgram, carried: Arrays, batch: Batch): Arrays {
  const states = new Map(zeroStates(program, batch.rows));
  for (const name of states.keys()) {
    const given = batch.inputs.get(name) ?? (batch.fresh ? undefined : carried.get(name));
    if (given !== undefined) states.set(name, given);
  }
  return states;
}

/** The results `next/NAME` by their names. */
function renamed(before: Arrays, results: Arrays): Map<string, NdArray> {
  return new Map([...before.keys()].map((name) => [name, need(results, `next/${name}`)]));
}

function need(results: Arrays, name: string): NdArray {
  const array = results.get(name);
  if (array === undefined) {
    throw new RuntimeFault('R7305', `the training program yields no result ${name}`);
  }
  return array;
}
