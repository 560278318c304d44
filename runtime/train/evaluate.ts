/** Loss and metrics of given weights over all batches of a data set. */
import type { Executable, KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Batch, BatchSource } from './batches.ts';
import { keepState } from './keep.ts';
import { addTally, metricValues, type MetricValues, type Tally } from './metrics.ts';
import { initialStates, lossWeight, readTallies, scalar, tallyResults } from './step.ts';
import type { TrainingProgram } from '../artifact/training.ts';

export interface Evaluation {
  /** Mean over all targets. */
  readonly loss: number;
  readonly metrics: MetricValues;
  /** Sum and count of each metric, in the program's order. */
  readonly tallies: readonly Tally[];
  readonly tokens: number;
}

export interface EvaluateOptions {
  /** Asked before each batch. */
  pause?(): Promise<'continue' | 'stop'>;
  /** Results that are wanted beside loss and metrics. */
  readonly outputs?: readonly string[];
  /** Is shown each batch and what came of it. */
  see?(batch: Batch, results: ReadonlyMap<string, NdArray>): void;
}

/**
 * `executable` has the loss without dropout: inputs, weights and initial states in; `loss`, final
 * states and metrics out. Weights go in once where it can keep them. Undefined where `pause` says
 * to stop.
 */
export async function evaluate(
  executable: Executable,
  program: TrainingProgram,
  weights: ReadonlyMap<string, NdArray>,
  source: BatchSource,
  options: EvaluateOptions = {},
): Promise<Evaluation | undefined> {
  const feeds = new Map([...weights.keys()].map((name) => [name, name]));
  const kept = await keepState(executable, feeds);
  try {
    kept.write(weights);
    return await evaluateKept(kept, program, source, options);
  } finally {
    kept.close();
  }
}

async function evaluateKept(
  kept: KeptState,
  program: TrainingProgram,
  source: BatchSource,
  options: EvaluateOptions,
): Promise<Evaluation | undefined> {
  const finals = source.carries ? program.states.map(({ final }) => final) : [];
  const wanted = ['loss', ...tallyResults(program), ...finals, ...(options.outputs ?? [])];
  let loss: Tally = { sum: 0, count: 0 };
  let tallies: Tally[] = program.metrics.map(() => ({ sum: 0, count: 0 }));
  let carried: ReadonlyMap<string, NdArray> = new Map();
  let tokens = 0;
  for (let index = 0; index < source.count(0); index++) {
    if ((await options.pause?.()) === 'stop') return undefined;
    const batch = source.batch(0, index);
    const states = initialStates(program, carried, batch);
    const results = await kept.run(new Map([...batch.inputs, ...states]), wanted);
    options.see?.(batch, results);
    const found = readTallies(program, results);
    const weight = lossWeight(program, batch, found);
    // A batch without a target has no loss; 0/0 must not spoil the mean.
    if (weight > 0) loss = addTally(loss, { sum: scalar(results, 'loss') * weight, count: weight });
    tallies = tallies.map((tally, i) => addTally(tally, found[i] ?? { sum: 0, count: 0 }));
    carried = finalStates(program, results);
    tokens += batch.tokens;
  }
  const metrics = metricValues(program.metrics, tallies);
  return { loss: loss.sum / loss.count, metrics, tallies, tokens };
}

/** By the names of the initial states that they become. */
function finalStates(
  program: TrainingProgram,
  results: ReadonlyMap<string, NdArray>,
): Map<string, NdArray> {
  const states = new Map<string, NdArray>();
  for (const { initial, final } of program.states) {
    const array = results.get(final);
    if (array !== undefined) states.set(initial, array);
  }
  return states;
}
