/** Runs that begin with given weights, and specs that are more than one file. */
import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { compileSpec } from '../../../compiler/cli/spec.ts';
import { readTensors } from '../../../compiler/cli/tensors.ts';
import { openTrained } from '../../../compiler/cli/training/trained-model.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { fromNdArrays } from '../../../runtime/tensors/convert.ts';
import { writeSafetensors } from '../../../runtime/tensors/safetensors.ts';
import { nameSpec, someNames, trainIn, Workshop } from '../../support/training-runs.ts';

const shop = new Workshop();
afterAll(() => shop.remove());

const asked = { backend: 'interpreter', dtype: 'f64', dim: new Map<string, number>() } as const;

function floats(...shape: readonly number[]): NdArray {
  const size = shape.reduce((n, extent) => n * extent, 1);
  return {
    dtype: 'float',
    shape,
    data: Float64Array.from({ length: size }, (_, i) => Math.sin(i)),
  };
}

const sumSpec = `model sums() {
  input x: float[T, 2]
  input total: float[1]
  output sum = x -> lstm(3) -> last -> dense(1)
  loss mse(sum, total)
  train sgd(rate = 0.1), steps = 4
}
`;

test('weights in PyTorch names are trained, kept and resumed in these names', async () => {
  const given = new Map([
    ['rnn.weight_ih_l0', floats(12, 2)],
    ['rnn.weight_hh_l0', floats(12, 3)],
    ['rnn.bias_ih_l0', floats(12)],
    ['rnn.bias_hh_l0', floats(12)],
    ['head.weight', floats(1, 3)],
    ['head.bias', floats(1)],
  ]);
  const weights = shop.file('torch.safetensors', writeSafetensors(fromNdArrays(given)));
  const batch = new Map([
    ['x', floats(2, 3, 2)],
    ['total', floats(2, 1)],
  ]);
  const data = shop.file('batch.safetensors', writeSafetensors(fromNdArrays(batch)));
  const words = { spec: shop.file('sums.gate', sumSpec), data, dtype: 'f64' } as const;
  await trainIn({ ...words, weights, out: shop.path('whole') });
  const trained = readTensors(shop.path('whole/model.safetensors'));
  expect([...trained.keys()].sort()).toEqual([...given.keys()].sort());
  expect(trained.get('head.weight')?.data).not.toEqual(
    fromNdArrays(given).get('head.weight')?.data,
  );
  await trainIn({ ...words, weights, out: shop.path('parts'), stopAt: 2 });
  await trainIn({ ...words, out: shop.path('parts'), resume: true });
  expect(shop.bytes('parts/model.safetensors')).toEqual(shop.bytes('whole/model.safetensors'));
  const opened = await openTrained(shop.path('whole'), asked);
  expect(opened.model.weights.map((w) => w.name).sort()).toEqual([...given.keys()].sort());
});

test('a missing weight is named before anything is written', async () => {
  const weights = shop.file('few.safetensors', writeSafetensors(new Map()));
  const words = { spec: shop.file('letters.gate', nameSpec), data: shop.file('n.txt', someNames) };
  await expect(trainIn({ ...words, weights, out: shop.path('few') })).rejects.toMatchObject({
    name: 'InputRejected',
  });
  expect(shop.has('few')).toBe(false);
});

test('a folder keeps the imports of its spec', async () => {
  shop.file(
    'cells.gate',
    'cell own(n) {\n  state a: [n]\n  a<t> = tanh(W[a<t-1>, x<t>])\n  emit a<t>\n}\n',
  );
  const text = `import "./cells.gate"\n${nameSpec.replace('lstm(width)', 'own(width)')}`;
  const spec = shop.file('imports.gate', text);
  const out = shop.path('imports');
  await trainIn({ spec, data: shop.file('m.txt', someNames), out, flags: { steps: 1 } });
  rmSync(shop.path('cells.gate'));
  rmSync(spec);
  const model = await compileSpec(out, { mode: 'inference' });
  expect(model.instances.map((i) => i.definition)).toContain('own');
  expect(model.weights.every((w) => w.shape.every((d) => d.terms.length === 0))).toBe(true);
});

test('a trained model as SPEC is trained further, with its weights and its vocabulary', async () => {
  const spec = shop.file('base.gate', nameSpec);
  const base = shop.path('base');
  await trainIn({ spec, data: shop.file('b.txt', someNames), out: base });
  // In other data the same letters would have other ids, and `z` would be one of them.
  const data = shop.file('other.txt', 'hhhz\nzhan\n');
  const none = { steps: 0, validation: 0 };
  await trainIn({ spec: base, data, out: shop.path('further'), flags: none });
  const [before, after] = [
    await openTrained(base, asked),
    await openTrained(shop.path('further'), asked),
  ];
  expect(after.codec?.vocabulary.tokens).toEqual(before.codec?.vocabulary.tokens);
  expect(after.weights).toEqual(before.weights);
});

test('a YAML spec is kept as YAML', async () => {
  const spec = shop.file(
    'letters.yaml',
    [
      'model letters:',
      '  input: { text: "characters(V)[T]" }',
      '  output: { next: text<t-1> -> embed(4) -> rnn(5) -> softmax(V) }',
      '  loss: crossEntropy(next, text)',
      '  train: { optimizer: adam(rate = 0.01), batch: 8, steps: 2 }',
    ].join('\n'),
  );
  const out = shop.path('yaml');
  await trainIn({ spec, data: shop.file('y.txt', someNames), out });
  expect(shop.has('yaml', 'spec.yaml')).toBe(true);
  expect((await openTrained(out, asked)).model.name).toBe('letters');
});
