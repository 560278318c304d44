/** Each form of data, from a file to a model that has learned something of it. */
import { afterAll, expect, test } from 'vitest';
import { readRecord } from '../../../compiler/cli/training/run-record.ts';
import { evaluateOn } from '../../../compiler/cli/training/evaluation.ts';
import { readData } from '../../../compiler/cli/training/data-file.ts';
import { openTrained } from '../../../compiler/cli/training/trained-model.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { nameSpec, someNames, trainIn, Workshop } from '../../support/training-runs.ts';

const shop = new Workshop();
afterAll(() => shop.remove());

const engine = { backend: 'interpreter', dtype: 'f32' } as const;
const asked = { ...engine, dim: new Map<string, number>() };

test('lines of characters make a language model, with all its files', async () => {
  const spec = shop.file('letters.gate', nameSpec);
  const data = shop.file('names.txt', someNames);
  const out = shop.path('letters');
  const { result, progress } = await trainIn({ spec, data, out });
  expect(result.interrupted).toBe(false);
  expect(result.epoch).toBe(3);
  expect(progress.at(-1)?.loss).toBeLessThan(progress[0]?.loss ?? 0);
  expect(progress[0]?.metrics).toHaveProperty('perplexity');
  for (const file of ['model.safetensors', 'model.json', 'spec.gate', 'log.jsonl', 'curve.svg']) {
    expect(shop.has('letters', file), file).toBe(true);
  }
  const record = readRecord(shop.path('letters/model.json'));
  expect(record.codec?.vocabulary.tokens).toEqual(['<UNK>', '<EOS>', 'a', 'n', 'h']);
  expect(record.dims).toEqual(new Map([['V', 5]]));
  expect(record.training).toMatchObject({ finished: true, epochs: 3, weights: 'best' });
});

test('lines of words, lower-cased, the rare ones unknown', async () => {
  const spec = shop.file(
    'words.gate',
    nameSpec
      .replace('characters(V)', 'words(V)')
      .replace('epochs = 3', 'epochs = 2, minCount = 2, lowerCase = true, validation = 0'),
  );
  const data = shop.file('lines.txt', 'The cat sat.\nthe dog sat.\nThe cat ran.\nThe hen.\n');
  await trainIn({ spec, data, out: shop.path('words') });
  const record = readRecord(shop.path('words/model.json'));
  expect(record.codec?.vocabulary.tokens).toEqual(['<UNK>', '<EOS>', '.', 'the', 'cat', 'sat']);
  expect(record.training).toMatchObject({ weights: 'last' });
});

test('a fixed number of words bounds the vocabulary', async () => {
  const spec = shop.file(
    'few.gate',
    nameSpec.replace('characters(V)', 'words(4)').replace('(V)', '(4)'),
  );
  const data = shop.file('more.txt', 'a a a\nb b a\nc a b\n');
  await trainIn({ spec, data, out: shop.path('few'), flags: { steps: 2, validation: 0 } });
  const record = readRecord(shop.path('few/model.json'));
  expect(record.codec?.vocabulary.tokens).toEqual(['<UNK>', '<EOS>', 'a', 'b']);
});

const taggerSpec = `model tagger() {
  input tokens: words(V)[T]
  input label: class(C)[T]
  output tags = tokens -> embed(4) -> bidirectional(gru(6)) -> softmax(C)
  loss crossEntropy(tags, label)
  train adam(rate = 0.05), batch = 3, epochs = 12
}
`;

test('a tagged file makes a tagger, which eval scores by spans', async () => {
  const sentences = ['Ann B-PER\nruns O', 'Bob B-PER\nSmith I-PER\nsits O', 'it O\nruns O'];
  const data = shop.file('tags.txt', [...sentences, ...sentences].join('\n\n'));
  const spec = shop.file('tagger.gate', taggerSpec);
  const out = shop.path('tagger');
  await trainIn({ spec, data, out, flags: { validation: 0 } });
  const trained = await openTrained(out, asked);
  expect(trained.codec?.labels?.names).toEqual(['B-PER', 'I-PER', 'O']);
  const found = await evaluateOn(trained, engine, readData(data), 2);
  expect(found.metrics['accuracy']).toBe(1);
  expect(found.tags).toEqual({ precision: 1, recall: 1, f1: 1 });
  expect(found.tokens).toBe(14);
});

const sentimentSpec = `model mood() {
  input review: words(V)[T]
  input label: class(2)
  output mood = review -> embed(4) -> gru(6) -> pool(mean) -> softmax(2)
  loss crossEntropy(mood, label)
  train adam(rate = 0.05), batch = 4, epochs = 12, lowerCase = true, validation = 0
}
`;

test.each([
  ['reviews.tsv', 'text\tlabel\nso good\tfor\nso bad\tagainst\nGood, good\tfor\nbad\tagainst\n'],
  ['reviews.csv', 'label,text\nfor,so good\nagainst,so bad\nfor,"Good, good"\nagainst,bad\n'],
  [
    'reviews.jsonl',
    '{"text":"so good","label":"for"}\n{"text":"so bad","label":"against"}\n' +
      '{"text":"Good, good","label":"for"}\n{"text":"bad","label":"against"}\n',
  ],
])('%s makes a classifier', async (name, content) => {
  const spec = shop.file('mood.gate', sentimentSpec);
  const data = shop.file(name, content);
  const out = shop.path(`mood-${name}`);
  await trainIn({ spec, data, out });
  const trained = await openTrained(out, asked);
  expect(trained.codec?.labels?.names).toEqual(['against', 'for']);
  const found = await evaluateOn(trained, engine, readData(data), 2);
  expect(found.metrics['accuracy']).toBe(1);
});

const batchSpec = `model sums() {
  input x: float[T, D]
  input total: float[1]
  output sum = x -> rnn(5) -> last -> dense(1)
  loss mse(sum, total)
  train sgd(rate = 0.1), steps = 30
}
`;

test('a safetensors file is one batch for every step, known by its content', async () => {
  const x = Float64Array.from({ length: 4 * 3 * 2 }, (_, i) => Math.sin(i));
  const total = Float64Array.of(0.5, -0.5, 0.25, 1);
  const lengths = Int32Array.of(3, 2, 1, 3);
  const data = shop.file(
    'batch.bin',
    writeSafetensors(
      fromNdArrays(
        new Map([
          ['x', { dtype: 'float', shape: [4, 3, 2], data: x }],
          ['total', { dtype: 'float', shape: [4, 1], data: total }],
          ['lengths', { dtype: 'int', shape: [4], data: lengths }],
        ]),
      ),
    ),
  );
  const spec = shop.file('sums.gate', batchSpec);
  const out = shop.path('sums');
  const { progress } = await trainIn({ spec, data, out, dtype: 'f64' });
  expect(progress.length).toBe(30);
  expect(progress[0]?.tokens).toBe(9);
  expect(progress.at(-1)?.loss).toBeLessThan((progress[0]?.loss ?? 0) / 2);
  expect(readRecord(shop.path('sums/model.json')).dims).toEqual(new Map([['D', 2]]));
  const trained = await openTrained(out, { ...asked, dtype: 'f64' });
  const f64 = { ...engine, dtype: 'f64' } as const;
  const found = await evaluateOn(trained, f64, readData(data), 1);
  expect(found.loss).toBeLessThan(progress.at(-1)?.loss ?? 0);
});
