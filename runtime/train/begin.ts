/** How a run begins: from its first weights, or from the checkpoint that it left. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { bestPath, checkpointPath, readBestWeights, readCheckpoint } from './checkpoint.ts';
import type { TrainState } from './checkpoint.ts';
import { noTallies } from './place.ts';
import type { TrainOptions } from './train-options.ts';
import { inPrecision, zeroOptimizer } from './training-program.ts';

type Arrays = ReadonlyMap<string, NdArray>;

/** The state before the first update. Faults: R7306 for a weight that is not given. */
export function freshState(options: TrainOptions): TrainState {
  const { program, seed } = options;
  const given = inPrecision(program, options.weights());
  const { step, optimizer } = options.begin ?? { step: 0, optimizer: zeroOptimizer(program) };
  return {
    step,
    epoch: 0,
    position: 0,
    seed,
    weights: new Map(program.weights.map(({ name }) => [name, needWeight(given, name)])),
    optimizer,
    carried: new Map(),
    tallies: noTallies(program),
    norms: [],
    logRecords: 0,
  };
}

function needWeight(given: Arrays, name: string): NdArray {
  const array = given.get(name);
  if (array === undefined) throw new RuntimeFault('R7306', `the weight \`${name}\` is missing`);
  return array;
}

/** The state of the store's checkpoint. Faults: R7302 to R7304. */
export async function loadState(options: TrainOptions): Promise<TrainState> {
  const bytes = await options.store?.read(checkpointPath);
  if (bytes === undefined) {
    throw new RuntimeFault(
      'R7304',
      `there is no ${checkpointPath} to go on from`,
      'begin without resuming',
    );
  }
  const run = { fingerprint: fingerprintOf(options), seed: options.seed };
  return readCheckpoint(bytes, checkpointPath, options.program, run);
}

/** The weights of least validation loss. Faults: R7303, R7304. */
export async function loadBest(options: TrainOptions): Promise<Arrays> {
  const bytes = await options.store?.read(bestPath);
  if (bytes === undefined) {
    throw new RuntimeFault('R7304', `the checkpoint's ${bestPath} is missing`);
  }
  return readBestWeights(bytes, bestPath, options.program);
}

/** Tells runs apart: numbers of another precision are another run. */
export function fingerprintOf({ fingerprint = '', program }: TrainOptions): string {
  return `${fingerprint} ${program.precision}`.trim();
}
