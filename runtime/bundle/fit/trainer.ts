/**
 * The part of a bundle that trains, as its module: loaded when training begins, whole by itself.
 * Its faults are of its own classes, so that others tell them by their codes.
 */
import type { NamedNumbers } from '../engine.ts';
import type { DescribedTraining } from './description.ts';
import { fit, type FitRequest, type Fitted, type OpenStep } from './fit.ts';
import { readTuned, untuned, writeTuned, type Tuned } from './tuned.ts';

export interface Trainer {
  /** The weights as they are in the bundle. */
  begin(weights: NamedNumbers): Tuned;
  fit(request: Omit<FitRequest, 'training' | 'open'>): Promise<Fitted>;
  /** `model` is the hash of the bundle's weights. */
  write(tuned: Tuned, model: string): Uint8Array;
  read(bytes: Uint8Array, model: string): Tuned;
}

export function trainerOf(training: DescribedTraining, open: OpenStep): Trainer {
  const { program } = training;
  return {
    begin: (weights) => untuned(program, weights),
    fit: (request) => fit({ ...request, training, open }),
    write: writeTuned,
    read: (bytes, model) => readTuned(bytes, program, model),
  };
}
