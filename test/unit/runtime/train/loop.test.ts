/** The training loop: resumed runs, interrupted ones, and those that diverge. */
import { describe, expect, test } from 'vitest';
import { toNdArrays } from '../../../../runtime/tensors/convert.ts';
import { readSafetensors } from '../../../../runtime/tensors/safetensors.ts';
import { exampleBatches, type BatchSource } from '../../../../runtime/train/batches.ts';
import { bestPath, checkpointPath } from '../../../../runtime/train/checkpoint.ts';
import { logPath, parseLog, type LogRecord } from '../../../../runtime/train/log.ts';
import { train } from '../../../../runtime/train/loop.ts';
import { MemoryStore } from '../../../../runtime/train/store.ts';
import { streamBatches } from '../../../../runtime/train/stream.ts';
import type { TrainOptions, TrainProgress } from '../../../../runtime/train/train-options.ts';
import { faultOfAsync } from '../../../support/fault.ts';
import {
  toyExecutable,
  toyProgram,
  toyValidation,
  toyWeights,
  type ToyOptions,
} from '../../../support/toy-training.ts';

const sequences = Array.from({ length: 23 }, (_, i) =>
  Int32Array.from({ length: 3 + (i % 5) }, (_, t) => (i * 7 + t * 3) % 11),
);
const fields = [{ name: 'text', kind: 'sequence', lengths: 'lengths' }] as const;
const whole = (seed: number): BatchSource =>
  exampleBatches(
    fields,
    sequences.map((ids) => [ids]),
    { batch: 4, seed },
  );
const stream = (): BatchSource =>
  streamBatches(sequences, { name: 'text', lengths: 'lengths', batch: 4, truncate: 5 });

function options(changes: Partial<TrainOptions> = {}, toy: ToyOptions = {}): TrainOptions {
  return {
    program: toyProgram,
    executable: toyExecutable(toy),
    training: whole(1),
    validation: { executable: toyValidation(), data: whole(2) },
    weights: toyWeights,
    epochs: 3,
    seed: 1,
    store: new MemoryStore(),
    fingerprint: 'toy',
    ...changes,
  };
}

async function filesOf(store: MemoryStore): Promise<(Uint8Array | undefined)[]> {
  return Promise.all([checkpointPath, bestPath, logPath].map((path) => store.read(path)));
}

async function logOf(store: MemoryStore): Promise<LogRecord[]> {
  return parseLog(new TextDecoder().decode(await store.read(logPath)));
}

describe('a run', () => {
  test('makes every step, validates each epoch, lowers the loss and logs it all', async () => {
    const store = new MemoryStore();
    const progress: TrainProgress[] = [];
    const result = await train(options({ store, onProgress: (p) => progress.push(p) }));
    expect(result).toMatchObject({ interrupted: false, step: 18, epoch: 3 });
    const records = await logOf(store);
    expect(records.filter((r) => r.kind === 'step').map((r) => r.step)).toEqual(
      Array.from({ length: 18 }, (_, i) => i + 1),
    );
    const epochs = records.filter((r) => r.kind === 'epoch');
    expect(epochs.map((r) => [r.epoch, r.step])).toEqual([
      [1, 6],
      [2, 12],
      [3, 18],
    ]);
    expect(epochs[2]?.loss).toBeLessThan(epochs[0]?.loss ?? 0);
    const losses = epochs.map((r) => r.validation?.loss ?? NaN);
    expect(result.best?.loss).toBe(Math.min(...losses));
    expect(result.validation?.loss).toBe(losses[2]);
    for (const record of records) {
      if (record.kind === 'step') {
        expect(record.metrics['perplexity']).toBeCloseTo(Math.exp(record.loss), 12);
      }
    }
    expect(progress.at(-1)).toMatchObject({ step: 18, totalSteps: 18, epoch: 3 });
    expect(progress.at(-1)?.validation?.loss).toBe(losses[1]);
  });

  test('an epoch sees each example once', async () => {
    const tokens: number[] = [];
    await train(options({ epochs: 1, onProgress: (p) => tokens.push(p.tokens) }));
    const all = sequences.reduce((n, ids) => n + ids.length, 0);
    expect(tokens.reduce((n, count) => n + count, 0)).toBe(all);
  });

  test('the same seed gives the same bytes, another seed others', async () => {
    const stores = [new MemoryStore(), new MemoryStore(), new MemoryStore()] as const;
    await train(options({ store: stores[0] }));
    await train(options({ store: stores[1] }));
    await train(options({ store: stores[2], seed: 2, training: whole(2) }));
    expect(await filesOf(stores[1])).toEqual(await filesOf(stores[0]));
    expect((await filesOf(stores[2]))[2]).not.toEqual((await filesOf(stores[0]))[2]);
  });

  test('steps end a run within an epoch, and before it begins', async () => {
    const stopped = await train(options({ steps: 8 }));
    expect(stopped).toMatchObject({ interrupted: false, step: 8, epoch: 1 });
    expect(stopped.validation?.loss).toBeGreaterThan(0);
    const none = await train(options({ steps: 0 }));
    expect(none.step).toBe(0);
    expect(none.weights).toEqual(toyWeights());
  });

  test('the best weights are those of the least validation loss', async () => {
    const store = new MemoryStore();
    const result = await train(options({ store }));
    const bytes = (await store.read(bestPath)) ?? new Uint8Array();
    const kept = toNdArrays(readSafetensors(bytes, bestPath).tensors);
    expect(kept).toEqual(result.best?.weights);
  });

  test('works without store, validation and metrics', async () => {
    const { store: _store, validation: _validation, ...rest } = options({ epochs: 1 });
    const result = await train({ ...rest, program: { ...toyProgram, metrics: [] } });
    expect(result.best).toBeUndefined();
    expect(result.step).toBe(6);
  });
});

describe('resuming', () => {
  const sources: readonly (readonly [string, () => BatchSource])[] = [
    ['examples', () => whole(1)],
    ['a stream with carried states', stream],
  ];
  describe.each(sources)('on %s', (_name, training) => {
    const total = 3 * training().count(0);
    const uninterrupted = async (): Promise<(Uint8Array | undefined)[]> => {
      const store = new MemoryStore();
      await train(options({ store, training: training() }));
      return filesOf(store);
    };

    test('after a signal at any step gives the bytes of a run never stopped', async () => {
      const expected = await uninterrupted();
      for (let at = 1; at <= total; at++) {
        const store = new MemoryStore();
        const controller = new AbortController();
        const onStep = (step: number): void => {
          if (step === at) controller.abort();
        };
        const first = options(
          { store, training: training(), signal: controller.signal },
          { onStep },
        );
        const result = await train(first);
        expect(result).toMatchObject({ interrupted: true, step: at });
        const second = await train(options({ store, training: training(), resume: true }));
        expect(second).toMatchObject({ interrupted: false, step: total });
        expect(await filesOf(store)).toEqual(expected);
      }
    });

    test('after a crash, from whatever checkpoint there was, gives the same', async () => {
      const expected = await uninterrupted();
      for (const checkpointSeconds of [0, 1000]) {
        const store = new MemoryStore();
        const onStep = (step: number): void => {
          if (step === 10) throw new Error('crash');
        };
        const crashed = options({ store, training: training(), checkpointSeconds }, { onStep });
        await expect(train(crashed)).rejects.toThrow('crash');
        await store.append(logPath, '{"kind":"step","st');
        await train(options({ store, training: training(), resume: true }));
        expect(await filesOf(store)).toEqual(expected);
      }
    });
  });

  test('further than the first run was meant to go', async () => {
    const short = new MemoryStore();
    await train(options({ store: short, steps: 8 }));
    await train(options({ store: short, resume: true }));
    const long = new MemoryStore();
    await train(options({ store: long }));
    expect(await filesOf(short)).toEqual(await filesOf(long));
  });

  test('does not ask for first weights, and a finished run stays as it is', async () => {
    const store = new MemoryStore();
    const first = await train(options({ store }));
    const before = await filesOf(store);
    const weights = (): never => {
      throw new Error('computed in vain');
    };
    const again = await train(options({ store, resume: true, weights }));
    expect(again.weights).toEqual(first.weights);
    expect(again.best).toEqual(first.best);
    expect(await filesOf(store)).toEqual(before);
  });

  test('another spec, another seed, no checkpoint, a broken one', async () => {
    const store = new MemoryStore();
    await train(options({ store, epochs: 1 }));
    const attempt = (changes: Partial<TrainOptions>): Promise<string> =>
      faultOfAsync(() => train(options({ store, resume: true, ...changes }))).then((f) => f.code);
    expect(await attempt({ fingerprint: 'other' })).toBe('R7302');
    expect(await attempt({ seed: 3 })).toBe('R7302');
    expect(await attempt({ program: { ...toyProgram, precision: 'f32' } })).toBe('R7302');
    expect(await attempt({ store: new MemoryStore() })).toBe('R7304');
    const whole = (await store.read(checkpointPath)) ?? new Uint8Array();
    await store.writeAtomically(checkpointPath, whole.subarray(0, whole.length - 5));
    expect(await attempt({})).toBe('R7102');
  });
});

describe('numbers that diverge', () => {
  const nan = { dtype: 'float', shape: [], data: Float64Array.of(NaN) } as const;

  test('a NaN stops the run, names weight, layer and step, and keeps the checkpoint', async () => {
    const store = new MemoryStore();
    const spoil: ToyOptions['spoil'] = (step, results) => {
      if (step === 8) for (const name of ['loss', 'norm/toy.W']) results.set(name, nan);
    };
    const run = options({ store, checkpointSeconds: 0 }, { spoil });
    const fault = await faultOfAsync(() => train(run));
    expect(fault.code).toBe('R7301');
    expect(fault.message).toContain('step 8: the loss is NaN');
    expect(fault.message).toContain('`toy.W` (layer toy)');
    expect(fault.hint).toContain('step 7');
    expect((await logOf(store)).at(-1)).toEqual({ kind: 'fault', step: 8, message: fault.message });
    const resumed = await train(options({ store, resume: true }));
    expect(resumed.step).toBe(18);
  });

  test('weights that an update broke are never kept', async () => {
    const store = new MemoryStore();
    const spoil: ToyOptions['spoil'] = (step, results) => {
      const data = Float64Array.of(1, Infinity, 1, 1);
      if (step === 3) results.set('next/toy.W', { dtype: 'float', shape: [4], data });
    };
    const run = options({ store, checkpointSeconds: 0 }, { spoil });
    const fault = await faultOfAsync(() => train(run));
    expect(fault.message).toMatch(/step 3.*`toy\.W` \(layer toy\)/);
    const bytes = (await store.read(checkpointPath)) ?? new Uint8Array();
    expect(readSafetensors(bytes, 'c').metadata.get('step')).toBe('2');
  });

  test('an exploding gradient is told once it is far above the usual', async () => {
    const store = new MemoryStore();
    const warnings: string[] = [];
    const spoil: ToyOptions['spoil'] = (step, results) => {
      const huge = { dtype: 'float', shape: [], data: Float64Array.of(1e6) } as const;
      if (step === 2 || step === 15) results.set('gradientNorm', huge).set('norm/toy.W', huge);
    };
    const onWarning = (message: string): void => void warnings.push(message);
    const result = await train(options({ store, onWarning }, { spoil }));
    expect(result.step).toBe(18);
    // At step 2 there is no usual gradient yet.
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^step 15: exploding gradient.*`toy\.W` \(layer toy\)/);
    const logged = (await logOf(store)).filter((r) => r.kind === 'warning');
    expect(logged).toEqual([{ kind: 'warning', step: 15, message: warnings[0] }]);
  });
});

test.each([
  ['R7309', { seed: -1 }],
  ['R7309', { seed: 2 ** 31 }],
  ['R7310', { epochs: undefined }],
  ['R7310', { epochs: 1.5 }],
  ['R7306', { weights: () => new Map() }],
] as const)('%s refuses %j', async (code, changes) => {
  expect((await faultOfAsync(() => train(options(changes)))).code).toBe(code);
});

test('a timer runs while a long training goes on', async () => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 100);
  const onStep = (): void => {
    const end = performance.now() + 5;
    while (performance.now() < end);
  };
  const run = options({ epochs: 1000, signal: controller.signal }, { onStep });
  const result = await train(run);
  clearTimeout(timer);
  expect(result.interrupted).toBe(true);
  expect(result.step).toBeLessThan(1000);
});
