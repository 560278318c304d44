/** A checkpoint holds all that a run needs to go on. */
import { expect, test } from 'vitest';
import {
  readBestWeights,
  readCheckpoint,
  writeCheckpoint,
  writeWeights,
  type TrainState,
} from '../../../../runtime/train/checkpoint.ts';
import { readSafetensors, writeSafetensors } from '../../../../runtime/tensors/safetensors.ts';
import { faultOf } from '../../../support/fault.ts';
import { toyProgram, toyWeights } from '../../../support/toy-training.ts';

const array = (...values: number[]): { dtype: 'float'; shape: number[]; data: Float64Array } => ({
  dtype: 'float',
  shape: [values.length],
  data: Float64Array.from(values),
});

const state: TrainState = {
  step: 12,
  epoch: 2,
  position: 3,
  seed: 7,
  weights: toyWeights(),
  optimizer: new Map([['optimizer/toy.W/m', array(1e-320, -0, 0.1, 3)]]),
  carried: new Map([
    ['toy.h0', { dtype: 'float', shape: [3, 2], data: Float64Array.of(1, 2, 3, 4, 5, 6) }],
  ]),
  tallies: [
    { sum: 0.1 + 0.2, count: 3 },
    { sum: Infinity, count: 0 },
  ],
  norms: [1, 2, 0.30000000000000004],
  best: { loss: 1.1, step: 6, epoch: 1 },
  logRecords: 14,
};
const run = { fingerprint: 'names', seed: 7 };
const read = (bytes: Uint8Array): TrainState => readCheckpoint(bytes, 'c', toyProgram, run);

test('comes back with the same bits', () => {
  expect(read(writeCheckpoint(state, 'names'))).toEqual(state);
  const { best: _best, ...unmarked } = { ...state, carried: new Map(), norms: [] };
  expect(read(writeCheckpoint(unmarked, 'names'))).toEqual(unmarked);
});

test('f32 states stay f32', () => {
  const weights = new Map([
    ['toy.W', { dtype: 'float' as const, shape: [4], data: Float32Array.of(1, 2, 3, 0.1) }],
  ]);
  const back = read(writeCheckpoint({ ...state, weights }, 'names'));
  expect(back.weights).toEqual(weights);
});

test('a missing or mis-shaped tensor is named', () => {
  const { tensors, metadata } = readSafetensors(writeCheckpoint(state, 'names'), 'c');
  for (const name of ['weight/toy.W', 'optimizer/toy.W/m', 'run/norms', 'run/tallies']) {
    const fewer = new Map(tensors);
    fewer.delete(name);
    const fault = faultOf(() => read(writeSafetensors(fewer, metadata)));
    expect(fault.code).toBe('R7303');
    expect(fault.message).toContain(`\`${name}\``);
  }
  const reshaped = new Map(tensors);
  const weight = tensors.get('weight/toy.W');
  if (weight !== undefined) reshaped.set('weight/toy.W', { ...weight, shape: [2, 2] });
  expect(faultOf(() => read(writeSafetensors(reshaped, metadata))).message).toContain(
    '`weight/toy.W` is [2, 2], not [4]',
  );
});

test('refuses what is no checkpoint, and one that says nonsense', () => {
  const { tensors, metadata } = readSafetensors(writeCheckpoint(state, 'names'), 'c');
  expect(faultOf(() => read(writeSafetensors(tensors))).code).toBe('R7303');
  const wrong = new Map([...metadata, ['step', '-1'] as const]);
  expect(faultOf(() => read(writeSafetensors(tensors, wrong))).message).toContain('step');
  expect(faultOf(() => read(writeCheckpoint(state, 'other'))).code).toBe('R7302');
});

test('best weights are an ordinary weights file', () => {
  const bytes = writeWeights(toyWeights());
  expect([...readSafetensors(bytes, 'b').tensors.keys()]).toEqual(['toy.W']);
  expect(readBestWeights(bytes, 'b', toyProgram)).toEqual(toyWeights());
  expect(faultOf(() => readBestWeights(writeWeights(new Map()), 'b', toyProgram)).code).toBe(
    'R7303',
  );
});
