/** Loss over a data set, with weights that go to the program once or with every batch. */
import { expect, test } from 'vitest';
import { evaluate } from '../../../../runtime/train/evaluate.ts';
import { streamBatches } from '../../../../runtime/train/stream.ts';
import { ToyDevice } from '../../../support/toy-device.ts';
import { toyProgram, toyValidation, toyWeights } from '../../../support/toy-training.ts';

const sequence = Int32Array.from({ length: 61 }, (_, t) => (t * 3) % 11);
const stream = streamBatches([sequence], {
  name: 'text',
  lengths: 'lengths',
  batch: 4,
  truncate: 5,
});
const batches = [0, 1, 2, 3].map((index) => stream.batch(0, index));

test('the mean over all targets, each batch from the states of the one before', async () => {
  const program = toyValidation();
  let [nats, count] = [0, 0];
  let states = { dtype: 'float' as const, shape: [4, 2], data: new Float64Array(8) };
  for (const { inputs } of batches) {
    const results = await program.run(new Map([...inputs, ...toyWeights(), ['toy.h0', states]]));
    nats += results.get('nats/sum')?.data[0] ?? NaN;
    count += results.get('nats/count')?.data[0] ?? NaN;
    const data = Float64Array.from(results.get('toy.hn')?.data ?? []);
    states = { ...states, data };
  }
  const found = await evaluate(program, toyProgram, toyWeights(), stream);
  expect(stream.count(0)).toBe(batches.length);
  expect(found?.loss).toBeCloseTo(nats / count, 12);
  expect(found?.tokens).toBe(sequence.length);
  expect(found?.metrics['perplexity']).toBeCloseTo(Math.exp(nats / count), 12);
});

test('kept weights are sent once and give the same numbers', async () => {
  const device = new ToyDevice();
  const kept = device.program('loss', toyValidation());
  const found = await evaluate(kept, toyProgram, toyWeights(), stream);
  expect(found).toEqual(await evaluate(toyValidation(), toyProgram, toyWeights(), stream));
  expect(device.count('loss write')).toBe(1);
  expect(device.count('loss run')).toBe(4);
  expect([...(device.sent.get('loss') ?? [])].sort()).toEqual(['lengths', 'text', 'toy.h0']);
  expect(device.events.at(-1)).toBe('loss close');
});

test('further results are shown batch by batch, from weights that were sent once', async () => {
  const device = new ToyDevice();
  const kept = device.program('loss', toyValidation());
  const seen: [boolean, readonly string[]][] = [];
  await evaluate(kept, toyProgram, toyWeights(), stream, {
    outputs: ['toy.hn'],
    see: ({ fresh }, results) => seen.push([fresh, [...results.keys()].sort()]),
  });
  const [first, ...later] = seen;
  expect(first).toEqual([true, expect.arrayContaining(['loss', 'toy.hn'])]);
  expect(later).toHaveLength(batches.length - 1);
  expect(later.every(([fresh]) => !fresh)).toBe(true);
  expect(device.count('loss write')).toBe(1);
});

test('a signal ends it between two batches, and nothing stays on the device', async () => {
  const device = new ToyDevice();
  const kept = device.program('loss', toyValidation());
  const pause = (): Promise<'continue' | 'stop'> =>
    Promise.resolve(device.count('loss run') < 2 ? 'continue' : 'stop');
  expect(await evaluate(kept, toyProgram, toyWeights(), stream, { pause })).toBeUndefined();
  expect(device.count('loss run')).toBe(2);
  expect(device.events.at(-1)).toBe('loss close');
});
