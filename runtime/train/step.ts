/**
 * One update, as the program sees it: which parameters it keeps from step to step, what goes in
 * with a batch, which numbers come out.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Batch } from './batches.ts';
import { needResult } from './keep.ts';
import type { Tally } from './metrics.ts';
import type { TrainingProgram } from '../artifact/training.ts';
import { newFloats, optimizerNames, zeroStates } from './training-program.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export interface StepOutcome {
  readonly loss: number;
  /** Of the whole gradient, before clipping. */
  readonly gradientNorm: number;
  readonly rate: number;
  readonly tallies: readonly Tally[];
  /** Norm of each weight's gradient. */
  readonly norms: ReadonlyMap<string, number>;
}

/**
 * The parameters that stay where the program runs, each with the result that becomes its next
 * value; initial states among them if batches go on from one another.
 */
export function stepFeeds(program: TrainingProgram, carries: boolean): Map<string, string> {
  const names = [...program.weights.map(({ name }) => name), ...optimizerNames(program)];
  const feeds = new Map(names.map((name) => [name, `next/${name}`]));
  if (carries) for (const { initial, final } of program.states) feeds.set(initial, final);
  return feeds;
}

/** What else goes in with a batch; `states` are the initial states that are not kept. */
export function stepInputs(
  program: TrainingProgram,
  batch: Arrays,
  states: Arrays,
  key: { readonly seed: number; readonly step: number },
): Arrays {
  const step = newFloats(program, 1).fill(key.step);
  const inputs = new Map<string, NdArray>([
    ...batch,
    ...states,
    ['step', { dtype: 'float', shape: [], data: step }],
  ]);
  if (program.random) {
    inputs.set('random', { dtype: 'int', shape: [2], data: Int32Array.of(key.seed, key.step) });
  }
  return inputs;
}

/** Names of the results that `readOutcome` reads, all of them scalars. */
export function outcomeResults(program: TrainingProgram): string[] {
  const norms = program.weights.map(({ name }) => `norm/${name}`);
  return ['loss', 'gradientNorm', 'rate', ...norms, ...tallyResults(program)];
}

/** Faults: R7305 where the program lacks one of the results. */
export function readOutcome(program: TrainingProgram, results: Arrays): StepOutcome {
  return {
    loss: scalar(results, 'loss'),
    gradientNorm: scalar(results, 'gradientNorm'),
    rate: scalar(results, 'rate'),
    tallies: readTallies(program, results),
    norms: new Map(program.weights.map(({ name }) => [name, scalar(results, `norm/${name}`)])),
  };
}

/** Names of the results that `readTallies` reads. */
export function tallyResults(program: TrainingProgram): string[] {
  return program.metrics.flatMap(({ sum, count }) => [sum, count]);
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
  const [value] = needResult(results, name).data;
  if (value === undefined) throw new RuntimeFault('R7305', `the result ${name} is empty`);
  return value;
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
