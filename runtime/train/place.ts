/** Where a run stands without its arrays, and where it stands one step or one epoch later. */
import type { TrainPlace, TrainState } from './checkpoint.ts';
import { addTally, type Tally } from './metrics.ts';
import { rememberNorm } from './guard.ts';
import { lossWeight } from './step.ts';
import type { StepDone } from './step-queue.ts';
import type { TrainingProgram } from '../artifact/training.ts';

const nothing: Tally = { sum: 0, count: 0 };

export function placeOf(state: TrainState): TrainPlace {
  const { weights, optimizer, carried, logRecords, ...place } = state;
  return place;
}

/** Sums over nothing: of the loss, then of each metric. */
export function noTallies(program: TrainingProgram): Tally[] {
  return [nothing, ...program.metrics.map(() => nothing)];
}

export function afterStep(
  place: TrainPlace,
  program: TrainingProgram,
  { batch, outcome }: StepDone,
): TrainPlace {
  const weight = lossWeight(program, batch, outcome.tallies);
  const added = [{ sum: outcome.loss * weight, count: weight }, ...outcome.tallies];
  return {
    ...place,
    step: place.step + 1,
    position: place.position + 1,
    tallies: place.tallies.map((tally, i) => addTally(tally, added[i] ?? nothing)),
    norms: rememberNorm(place.norms, outcome.gradientNorm),
  };
}

export function afterEpoch(place: TrainPlace, program: TrainingProgram): TrainPlace {
  return { ...place, epoch: place.epoch + 1, position: 0, tallies: noTallies(program) };
}
