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

test.each(Object.entries(specs))('%s: resumed twice, the same bits', async (name, text) => {
  const spec = shop.file(`${name}.gate`, text);
  const whole = await outcomeOf({ spec, out: shop.path(`${name}-whole`) });
  const out = shop.path(`${name}-parts`);
  await trainIn({ spec, data, out, stopAt: 5 });
  await trainIn({ spec, data, out, resume: true, stopAt: 12 });
  expect(await outcomeOf({ spec, out, resume: true })).toEqual(whole);
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
