/** Loss and metrics of given weights over all batches of a data set. */
import type { Executable } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { BatchSource } from './batches.ts';
import { addTally, metricValues, type MetricValues, type Tally } from './metrics.ts';
import { initialStates, lossWeight, readTallies, scalar } from './step.ts';
import type { TrainingProgram } from './training-program.ts';

export interface Evaluation {
  /** Mean over all targets. */
  readonly loss: number;
  readonly metrics: MetricValues;
  /** Sum and count of each metric, in the program's order. */
  readonly tallies: readonly Tally[];
  readonly tokens: number;
}

/**
 * `executable` has the loss without dropout: inputs, weights and initial states in; `loss`, final
 * states and metrics out. Undefined where `pause` says to stop.
 */
export async function evaluate(
  executable: Executable,
  program: TrainingProgram,
  weights: ReadonlyMap<string, NdArray>,
  source: BatchSource,
  pause: () => Promise<'continue' | 'stop'> = () => Promise.resolve('continue'),
): Promise<Evaluation | undefined> {
  let loss: Tally = { sum: 0, count: 0 };
  let tallies: Tally[] = program.metrics.map(() => ({ sum: 0, count: 0 }));
  let carried: ReadonlyMap<string, NdArray> = new Map();
  let tokens = 0;
  for (let index = 0; index < source.count(0); index++) {
    if ((await pause()) === 'stop') return undefined;
    const batch = source.batch(0, index);
    const states = initialStates(program, carried, batch);
    const results = await executable.run(new Map([...batch.inputs, ...weights, ...states]));
    const found = readTallies(program, results);
    const weight = lossWeight(program, batch, found);
    // A batch without a target has no loss; 0/0 must not spoil the mean.
    if (weight > 0) loss = addTally(loss, { sum: scalar(results, 'loss') * weight, count: weight });
    tallies = tallies.map((tally, i) => addTally(tally, found[i] ?? { sum: 0, count: 0 }));
    carried = new Map(
      program.states.flatMap(({ initial, final }) => {
        const array = results.get(final);
        return array === undefined ? [] : [[initial, array] as const];
      }),
    );
    tokens += batch.tokens;
  }
  const metrics = metricValues(program.metrics, tallies);
  return { loss: loss.sum / loss.count, metrics, tallies, tokens };
}
