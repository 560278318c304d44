/**
 * Training in a bundle is that of the command line: the same data, order and dropout give the same
 * bits of weights and optimizer, on WebAssembly and as JavaScript. What was learned is saved whole,
 * and whatever is wrong is told before anything is lost.
 */
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Example } from '../../runtime/bundle/examples.ts';
import type { TrainProgress } from '../../runtime/train/train-options.ts';
import { readSafetensors } from '../../runtime/tensors/safetensors.ts';
import { present } from '../../compiler/base/bug.ts';
import { filesOf, modelOf, trainable, type BuildHow, type Files } from '../support/bundles.ts';
import { someNames, trainIn, Workshop } from '../support/training-runs.ts';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const letters = (settings: string): string => `model letters(width = 6) {
  input text: characters(V)[T]
  output next = text<t-1> -> embed(4) -> dropout(0.3) -> lstm(width) -> softmax(V)
  loss crossEntropy(next, text)
  train adam(rate = cosine(0.02, steps = 20, warmup = 3)), ${settings}
}
`;
const lines = someNames.split('\n');

const tagger = `model tagger(classes = 2) {
  input tokens: words(V)[T]
  input label: class(classes)[T]
  output names = tokens -> embed(5) -> bidirectional(gru(3)) -> softmax(classes)
  loss crossEntropy(names, label)
  train sgd(rate = 0.1), batch = 3, clipValue = 0.5
}
`;
const sentences = [
  ['Anna met Bob', 'name other name'],
  ['then Carla left', 'other name other'],
  ['Dora', 'name'],
  ['it rained all day long', 'other other other other other'],
] as const;
const tagged = sentences
  .map(([words, tags]) => {
    const each = tags.split(' ');
    return words
      .split(' ')
      .map((word, i) => `${word}\t${each[i] ?? ''}\n`)
      .join('');
  })
  .join('\n');

const mood = `model mood(classes = 2) {
  input review: words(V)[T]
  input label: class(classes)
  output m = review -> embed(4) -> rnn(3) -> pool(mean) -> softmax(classes)
  loss crossEntropy(m, label)
  train adam(rate = 0.05), batch = 2
}
`;
const reviews = [
  ['a fine film', 'good'],
  ['dull', 'bad'],
  ['fine fine fine', 'good'],
] as const;

interface Task {
  readonly spec: string;
  readonly data: string;
  readonly file: string;
  readonly examples: readonly Example[];
}

const tasks: Readonly<Record<string, Task>> = {
  'names, with dropout and a schedule': {
    spec: letters('batch = 4, clipNorm = 5'),
    data: someNames,
    file: 'names.txt',
    examples: lines.map((text) => ({ text })),
  },
  'names as one stream': {
    spec: letters('batch = 4, truncate = 5'),
    data: someNames,
    file: 'stream.txt',
    examples: lines.map((text) => ({ text })),
  },
  'tagged words': {
    spec: tagger,
    data: tagged,
    file: 'tags.tsv',
    examples: sentences.map(([words, tags]) => {
      return { tokens: words.split(' '), label: tags.split(' ') };
    }),
  },
  'labelled texts': {
    spec: mood,
    data: `${reviews.map((row) => row.join('\t')).join('\n')}\n`,
    file: 'reviews.tsv',
    examples: reviews.map(([review, label]) => ({ review, label })),
  },
};

/** After so many updates by the command line: `weight/NAME`, `optimizer/NAME/STATE`. */
async function byCommandLine({ spec, data, file }: Task, steps: number): Promise<Arrays> {
  const name = file.replace(/\..*/, '');
  const out = workshop.path(`${name}.out`);
  await trainIn({
    spec: workshop.file(`${name}.gate`, spec),
    data: workshop.file(file, data),
    out,
    flags: { steps, validation: 0 },
    engine: { backend: 'wasm', dtype: 'f32', form: 'simd' },
  });
  return tensorsOf(
    workshop.bytes(join(out, 'checkpoint.safetensors').slice(workshop.folder.length)),
  );
}

type Arrays = ReadonlyMap<string, readonly number[]>;

/** Bytes of each weight and each state of the optimizer. */
function tensorsOf(file: Uint8Array): Arrays {
  const { tensors } = readSafetensors(file, 'file');
  const named = [...tensors].map(([name, { data }]): [string, number[]] => {
    return [name.replace(/^weight\//, ''), [...data]];
  });
  return new Map(named.filter(([name]) => !/^(run|carried)\//.test(name)));
}

async function filesFor(task: Task, how: BuildHow = {}): Promise<Files> {
  const name = task.file.replace(/\..*/, '');
  const vocabulary = workshop.path(join(`${name}.out`, 'model.json'));
  const given = { target: 'node', vocabulary, train: true, ...how } as const;
  return filesOf(await modelOf(workshop.path(`${name}.gate`), given), given);
}

describe('fit', { timeout: 300_000 }, () => {
  it.each(Object.entries(tasks))('of %s gives the bits of `gatework train`', async (_, task) => {
    const expected = await byCommandLine(task, 7);
    const load = await trainable(await filesFor(task));
    for (const backend of ['wasm', 'javascript'] as const) {
      const model = await load({ backend });
      const before = await model.save();
      const { model: tuned, steps } = await model.fit(task.examples, { steps: 7 });
      expect(steps).toBe(7);
      expect(tensorsOf(await tuned.save())).toEqual(expected);
      expect(await model.save()).toEqual(before);
    }
  });

  it.each(['single-file', 'worker'] as const)('is there in one module: %s', async (target) => {
    const task = present(tasks['tagged words'], 'a task');
    const expected = await byCommandLine(task, 3);
    const load = await trainable(await filesFor(task, { target }));
    const { model } = await (await load({ backend: 'wasm' })).fit(task.examples, { steps: 3 });
    expect(tensorsOf(await model.save())).toEqual(expected);
  });
});

const adding = `model adding(width = 3) {
  input x: float[T, 2]
  input total: float[1]
  output sum = x -> lstm(width) -> last -> dense(1)
  loss mse(sum, total)
  train adam(rate = 0.03), batch = 2
}
`;
const sums: readonly Example[] = [
  { x: [0.1, 1, 0.5, 0, 0.2, 1], total: [0.3] },
  { x: new Float32Array([0.4, 1, 0.3, 1]), total: [0.7] },
  { x: [0.9, 1], total: [0.9] },
];

describe('a model that can be trained', { timeout: 120_000 }, () => {
  const build = async (): ReturnType<typeof trainable> => {
    const spec = workshop.file('adding.gate', adding);
    return trainable(await filesOf(await modelOf(spec, { train: true }), { target: 'node' }));
  };

  it('learns', async () => {
    const model = await (await build())({ backend: 'wasm' });
    const seen: TrainProgress[] = [];
    const onProgress = (one: TrainProgress): void => void seen.push(one);
    const { model: tuned, loss } = await model.fit(sums, { epochs: 80, onProgress });
    expect(seen.map(({ step }) => step)).toEqual(Array.from({ length: 160 }, (_, i) => i + 1));
    expect(loss).toBe(seen.at(-1)?.loss);
    expect(loss).toBeLessThan((seen[0]?.loss ?? 0) / 20);
    const [first] = sums;
    const answers = await Promise.all([model, tuned].map((one) => one.run(first ?? {})));
    const [before, after] = answers.map((one) => Object.values(one)[0] as { data: Float32Array });
    expect(Math.abs((after?.data[0] ?? NaN) - 0.3)).toBeLessThan(0.05);
    expect(Math.abs((before?.data[0] ?? NaN) - 0.3)).toBeGreaterThan(0.05);
    expect((await tuned.selfTest()).ok).toBe(true);
  });

  it('goes on from what was saved as if it had never stopped', async () => {
    const load = await build();
    const one = sums.slice(0, 1);
    const whole = await (await load({ backend: 'wasm' })).fit(one, { steps: 6 });
    const half = await (await load({ backend: 'wasm' })).fit(one, { steps: 2 });
    const later = await load({ backend: 'javascript', saved: await half.model.save() });
    const rest = await later.fit(one, { steps: 4 });
    expect(await rest.model.save()).toEqual(await whole.model.save());
    expect(await rest.model.run(one)).toEqual(await whole.model.run(one));
  });

  it('takes a factor on the rate of its spec', async () => {
    const load = await build();
    const rates: number[] = [];
    const onProgress = ({ rate }: TrainProgress): void => void rates.push(rate);
    for (const rate of [1, 0.5]) await (await load()).fit(sums, { steps: 1, rate, onProgress });
    expect(rates).toEqual([Math.fround(0.03), Math.fround(0.015)]);
  });

  it('stops at a signal, with what it has learned', async () => {
    const model = await (await build())();
    const controller = new AbortController();
    const onProgress = ({ step }: TrainProgress): void => {
      if (step === 3) controller.abort();
    };
    const { signal } = controller;
    const fitted = await model.fit(sums, { steps: 100_000, signal, onProgress });
    expect(fitted.interrupted).toBe(true);
    expect(fitted.steps).toBeLessThan(100);
    expect(await fitted.model.save()).not.toEqual(await model.save());
  });

  it('says which example is wrong, and which option', async () => {
    const model = await (await build())();
    const fault = async (examples: readonly Example[], how = {}): Promise<string> => {
      return (await faultOf(() => model.fit(examples, how))).code;
    };
    const [good = {}] = sums;
    const wrong = await faultOf(() => model.fit([good, { x: [1, 2] }]));
    expect([wrong.code, wrong.message]).toEqual([
      'R7801',
      'example 1: the input total is missing; expected numbers, [1]',
    ]);
    expect(await fault([{ ...good, x: [1, 2, 3] }])).toBe('R7801');
    expect(await fault([{ ...good, total: 'much' }])).toBe('R7801');
    expect(await fault([])).toBe('R7202');
    for (const how of [{ batch: 0 }, { steps: -1 }, { epochs: 0.5 }, { rate: 0 }, { rate: NaN }]) {
      expect(await fault(sums, how)).toBe('R7310');
    }
    expect(await fault(sums, { seed: 1.5 })).toBe('R7309');
    expect(await fault([{ ...good, total: [1e38] }])).toBe('R7301');
  });

  it('refuses what was saved and is damaged, cut or of another model', async () => {
    const load = await build();
    const saved = await (await load()).save();
    const refused = async (bytes: Uint8Array): Promise<void> => {
      expect((await faultOf(() => load({ saved: bytes }))).code).toBe('R7803');
    };
    const { tensors } = readSafetensors(saved, 'saved');
    const start = saved.length - [...tensors.values()].reduce((n, t) => n + t.data.length, 0);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: saved.length - 1 }),
        fc.nat(7),
        async (at, bit) => {
          const damaged = new Uint8Array(saved);
          damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
          await refused(damaged);
        },
      ),
      { numRuns: 40, seed: 4 },
    );
    for (const length of [0, 7, 100, saved.length - 1]) await refused(saved.subarray(0, length));
    const spec = workshop.path('adding.gate');
    const other = await modelOf(spec, { train: true, init: 2 });
    const foreign = await trainable(await filesOf(other, { target: 'node' }));
    await refused(await (await foreign()).save());
  });
});

interface Fault {
  readonly code: string;
  readonly message: string;
}

/** Of a bundle, whose faults are of a class of its own. */
async function faultOf(action: () => Promise<unknown>): Promise<Fault> {
  try {
    await action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      return { code: String(error.code), message: error.message };
    }
    throw error;
  }
  throw new Error('there was no fault');
}
