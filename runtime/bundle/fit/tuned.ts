/**
 * Weights that were trained further, with what the optimizer keeps of them, as they are handed on
 * and as a file: safetensors with `NAME` for each weight and `optimizer/NAME/STATE`.
 */
import { RuntimeFault } from '../../artifact/executable.ts';
import type { NdArray } from '../../artifact/nd-array.ts';
import { fromNdArrays, toNdArrays } from '../../tensors/convert.ts';
import { readSafetensors, writeSafetensors } from '../../tensors/safetensors.ts';
import type { TrainingProgram } from '../../artifact/training.ts';
import { zeroOptimizer } from '../../train/training-program.ts';
import type { NamedNumbers } from '../engine.ts';
import { fingerprint } from '../fingerprint.ts';

export interface Tuned {
  readonly weights: ReadonlyMap<string, NdArray>;
  readonly optimizer: ReadonlyMap<string, NdArray>;
  /** Updates so far. */
  readonly step: number;
}

const format = 'gatework-tuned-1';

/** A bundle's own weights, before any update. */
export function untuned(program: TrainingProgram, numbers: NamedNumbers): Tuned {
  const weights = program.weights.map(({ name, shape }): [string, NdArray] => {
    return [name, { dtype: 'float', shape, data: numbers.get(name) ?? new Float32Array() }];
  });
  return { weights: new Map(weights), optimizer: zeroOptimizer(program), step: 0 };
}

/** `model` is the hash of the weights that the bundle was built with. */
export function writeTuned({ weights, optimizer, step }: Tuned, model: string): Uint8Array {
  const told = new Map([
    ['format', format],
    ['model', model],
    ['step', String(step)],
  ]);
  const tensors = fromNdArrays(new Map([...weights, ...optimizer]));
  const hash = fingerprint(writeSafetensors(tensors, told));
  return writeSafetensors(tensors, new Map([...told, ['hash', hash]]));
}

/** Faults: R7803 for bytes that are damaged, of another bundle, or of something else. */
export function readTuned(bytes: Uint8Array, program: TrainingProgram, model: string): Tuned {
  const { tensors, metadata } = contentOf(bytes);
  const { hash, ...told } = Object.fromEntries(metadata);
  if (told['format'] !== format) throw refused('is nothing that save() gave');
  if (told['model'] !== model) throw refused('is of another bundle');
  const step = Number(told['step']);
  const again = fingerprint(writeSafetensors(tensors, new Map(Object.entries(told))));
  if (hash !== again || !Number.isSafeInteger(step)) throw refused('is damaged');
  const arrays = toNdArrays(tensors);
  const take = (name: string, shape: readonly number[]): [string, NdArray] => {
    const array = arrays.get(name);
    if (array?.shape.join() !== shape.join()) throw refused('is of another bundle');
    return [name, array];
  };
  const states = [...zeroOptimizer(program)];
  return {
    weights: new Map(program.weights.map(({ name, shape }) => take(name, shape))),
    optimizer: new Map(states.map(([name, { shape }]) => take(name, shape))),
    step,
  };
}

function contentOf(bytes: Uint8Array): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes, 'it');
  } catch (error) {
    throw refused(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refused(why: string): RuntimeFault {
  return new RuntimeFault(
    'R7803',
    `what is given as saved ${why}`,
    'give the bytes of save(), of a model of this bundle',
  );
}
