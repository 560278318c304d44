/** The same seed gives the same bits, and so does a run that was stopped and resumed. */
import { afterAll, expect, test } from 'vitest';
import {
  nameSpec,
  someNames,
  trainIn,
  Workshop,
  type RunWords,
} from '../../support/training-runs.ts';

const shop = new Workshop();
afterAll(() => shop.remove());

const data = shop.file('names.txt', someNames);

const specs = {
  whole: nameSpec,
  dropped: nameSpec.replace('embed(4)', 'embed(4) -> dropout(0.3)'),
  streamed: nameSpec.replace('clipNorm = 5', 'clipNorm = 5, truncate = 5'),
} as const;

const outcomes = ['model.safetensors', 'checkpoint.safetensors', 'log.jsonl', 'curve.svg'] as const;

async function outcomeOf(words: Omit<RunWords, 'data'>): Promise<Buffer[]> {
  await trainIn({ ...words, data });
  return outcomes.map((file) => shop.bytes(words.out.slice(shop.folder.length + 1), file));
}

const runs = Object.entries(specs).flatMap(([name, text]) =>
  (['interpreter', 'wasm'] as const).map((backend) => [name, backend, text] as const),
);

test.each(runs)('%s on %s: resumed twice, the same bits', async (name, backend, text) => {
  const engine = { backend, dtype: 'f32' } as const;
  const spec = shop.file(`${name}.gate`, text);
  const whole = await outcomeOf({ spec, out: shop.path(`${name}-${backend}-whole`), engine });
  const out = shop.path(`${name}-${backend}-parts`);
  await trainIn({ spec, data, out, engine, stopAt: 5 });
  await trainIn({ spec, data, out, engine, resume: true, stopAt: 12 });
  expect(await outcomeOf({ spec, out, engine, resume: true })).toEqual(whole);
});

test('wasm: two threads give the bits of one', async () => {
  const spec = shop.file('threads.gate', specs.dropped);
  const [one, two] = [1, 2].map(async (threads) => {
    const engine = { backend: 'wasm', dtype: 'f32', threads } as const;
    return outcomeOf({ spec, out: shop.path(`threads-${threads}`), engine });
  });
  expect(await two).toEqual(await one);
});

test('javascript: the bits of wasm without vectors', async () => {
  const spec = shop.file('printed.gate', specs.dropped);
  const [printed, scalar] = [
    { backend: 'javascript', dtype: 'f32' } as const,
    { backend: 'wasm', dtype: 'f32', form: 'scalar' } as const,
  ].map((engine) => outcomeOf({ spec, out: shop.path(`printed-${engine.backend}`), engine }));
  expect(await printed).toEqual(await scalar);
});

test('the same seed gives the same bits, another seed others', async () => {
  const spec = shop.file('seeded.gate', nameSpec);
  const [one, two, other] = [
    await outcomeOf({ spec, out: shop.path('one'), flags: { seed: 3 } }),
    await outcomeOf({ spec, out: shop.path('two'), flags: { seed: 3 } }),
    await outcomeOf({ spec, out: shop.path('other'), flags: { seed: 4 } }),
  ];
  expect(two).toEqual(one);
  expect(other[0]).not.toEqual(one[0]);
});

test('a longer run goes on from a finished one', async () => {
  const spec = shop.file('longer.gate', nameSpec);
  const whole = await outcomeOf({ spec, out: shop.path('long'), flags: { epochs: 4 } });
  const out = shop.path('lengthened');
  await trainIn({ spec, data, out, flags: { epochs: 2 } });
  expect(await outcomeOf({ spec, out, flags: { epochs: 4 }, resume: true })).toEqual(whole);
});
