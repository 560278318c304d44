/** Samples and scores of trained models agree with what the model computes for whole sequences. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { computeRun } from '../../../compiler/cli/compute.ts';
import { drawSamples, type SampleRequest } from '../../../compiler/cli/training/sampler.ts';
import { scoreTexts } from '../../../compiler/cli/training/scorer.ts';
import { openTrained, type TrainedModel } from '../../../compiler/cli/training/trained-model.ts';
import { storedWeights } from '../../../compiler/cli/training/stored-weights.ts';
import { fromNdArray } from '../../../runtime/tensors/convert.ts';
import { nameSpec, someNames, trainIn, Workshop } from '../../support/training-runs.ts';

const shop = new Workshop();
afterAll(() => shop.remove());

const engine = { backend: 'interpreter', dtype: 'f64' } as const;
const asked = { ...engine, dim: new Map<string, number>() };
const plain: SampleRequest = { count: 3, length: 12, seed: 1, temperature: 1, prefix: '' };
const data = shop.file('names.txt', someNames);

async function trained(name: string, text: string): Promise<TrainedModel> {
  const spec = shop.file(`${name}.gate`, text);
  const out = shop.path(name);
  await trainIn({ spec, data, out, dtype: 'f64', force: true });
  return openTrained(out, asked);
}

let letters: TrainedModel;

beforeAll(async () => {
  letters = await trained('letters', nameSpec);
});

test('the same seed gives the same samples, whatever their number', async () => {
  const three = await drawSamples(letters, engine, plain);
  const five = await drawSamples(letters, engine, { ...plain, count: 5 });
  expect(five.slice(0, 3)).toEqual(three);
  const other = await drawSamples(letters, engine, { ...plain, count: 5, seed: 2 });
  expect(other).not.toEqual(five);
});

test('a sample ends with <EOS> or its length, and never holds <UNK>', async () => {
  const samples = await drawSamples(letters, engine, { ...plain, count: 40, length: 4 });
  for (const { ids, ended } of samples) {
    expect(ids).not.toContain(0);
    expect(ids).not.toContain(1);
    expect(ids.length).toBeLessThanOrEqual(4);
    if (!ended) expect(ids.length).toBe(4);
  }
  expect(samples.some((s) => s.ended)).toBe(true);
});

test('temperature 0 takes the likeliest token of the whole sequence at every step', async () => {
  const [sample] = await drawSamples(letters, engine, { ...plain, temperature: 0, prefix: 'ha' });
  expect(sample?.text.startsWith('ha')).toBe(true);
  const ids = sample?.ids ?? [];
  for (let length = 2; length < ids.length; length++) {
    const probabilities = await wholeSequence(letters, [...ids.slice(0, length), 2]);
    const row = probabilities.slice(length);
    const best = Math.max(...(row[0] ?? []).filter((_, id) => id !== 0));
    expect(row[0]?.[ids[length] ?? 0]).toBe(best);
  }
});

/** Probabilities of each time step, from the model run on the whole sequence at once. */
async function wholeSequence(model: TrainedModel, ids: readonly number[]): Promise<number[][]> {
  const data = Int32Array.from(ids);
  const text = fromNdArray({ dtype: 'int', shape: [1, ids.length], data });
  const weights = storedWeights(shop.path('letters'));
  const results = await computeRun(model.model, {
    engine,
    input: new Map([['text', text]]),
    weights,
  });
  const found = results.get('next');
  const width = found?.shape[2] ?? 0;
  return ids.map((_, t) => Array.from(found?.data.slice(t * width, (t + 1) * width) ?? []));
}

test('a score is the sum of the logarithms of the probabilities, <EOS> included', async () => {
  const [score] = await scoreTexts(letters, engine, ['hanna']);
  const ids = [4, 2, 3, 3, 2, 1];
  const probabilities = await wholeSequence(letters, ids);
  const sum = ids.reduce((total, id, t) => total + Math.log(probabilities[t]?.[id] ?? 0), 0);
  expect(score?.logProbability).toBeCloseTo(sum, 10);
  expect(score?.perplexity).toBeCloseTo(Math.exp(-sum / 6), 10);
  expect(score).toMatchObject({ text: 'hanna', tokens: 6, unknown: [] });
});

test('what was trained on is likelier, and unknown characters are named', async () => {
  const [likely, unlikely, strange] = await scoreTexts(letters, engine, [
    'hannah',
    'hhnnaa',
    'hanx',
  ]);
  expect(likely?.logProbability).toBeGreaterThan(unlikely?.logProbability ?? 0);
  expect(strange?.unknown).toEqual(['x']);
});

test('a model of one stream begins a sample and a score after the end of a line', async () => {
  const model = await trained('stream', nameSpec.replace('clipNorm = 5', 'truncate = 6'));
  const samples = await drawSamples(model, engine, { ...plain, count: 8 });
  expect(samples.some((s) => s.ended)).toBe(true);
  const [score] = await scoreTexts(model, engine, ['hana']);
  expect(score?.tokens).toBe(5);
  expect(score?.logProbability).toBeLessThan(0);
});

test.each([
  ['sees now', nameSpec.replace('text<t-1>', 'text'), 'depend on that token itself'],
  [
    'sees ahead',
    nameSpec.replace('lstm(width)', 'bidirectional(lstm(width))'),
    'the whole sequence',
  ],
])('a model that %s cannot be sampled from', async (name, text, why) => {
  const model = await trained(name, text.replace('epochs = 3', 'steps = 3'));
  await expect(drawSamples(model, engine, plain)).rejects.toThrow(why);
});

test('a spec alone has no weights, and without a vocabulary no text', async () => {
  const spec = shop.file('alone.gate', nameSpec);
  await expect(openTrained(spec, asked)).rejects.toThrow('a spec alone has no weights');
  const weights = shop.path('letters/model.safetensors');
  const bare = await openTrained(spec, { ...asked, weights });
  await expect(drawSamples(bare, engine, plain)).rejects.toThrow('nothing says which ids');
  const vocabulary = shop.path('letters/model.json');
  const full = await openTrained(spec, { ...asked, weights, vocabulary });
  expect(await drawSamples(full, engine, plain)).toEqual(await drawSamples(letters, engine, plain));
});
