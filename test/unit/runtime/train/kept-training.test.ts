/**
 * Training where the program keeps weights and states itself: the same bits as without, little that
 * goes there and back, and steps that overlap.
 */
import { describe, expect, test } from 'vitest';
import { train } from '../../../../runtime/train/loop.ts';
import { MemoryStore } from '../../../../runtime/train/store.ts';
import type { Reopened, TrainOptions } from '../../../../runtime/train/train-options.ts';
import { faultOfAsync } from '../../../support/fault.ts';
import { ToyDevice } from '../../../support/toy-device.ts';
import {
  filesOf,
  onDevice,
  outcomeOf,
  toyExamples,
  toyRun,
  toySources,
  toyStream,
} from '../../../support/toy-runs.ts';
import { toyExecutable, type ToyOptions } from '../../../support/toy-training.ts';

/** Keeps every file as it ever was. */
class History extends MemoryStore {
  readonly writes: (readonly [string, Uint8Array])[] = [];

  override writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
    this.writes.push([path, new Uint8Array(bytes)]);
    return super.writeAtomically(path, bytes);
  }
}

/** Place of an event among the others. */
function at(device: ToyDevice, event: string): number {
  const index = device.events.indexOf(event);
  if (index < 0) throw new Error(`no event ${event}`);
  return index;
}

describe.each(toySources)('kept weights, on %s', (_name, training) => {
  test('give the files, the result and the progress of weights on the host', async () => {
    const progress: [unknown[], unknown[]] = [[], []];
    const plain = toyRun({ training: training(), onProgress: (p) => progress[0].push(p) });
    const kept = toyRun({ training: training(), onProgress: (p) => progress[1].push(p) });
    expect(await outcomeOf(onDevice(new ToyDevice(), kept))).toEqual(await outcomeOf(plain));
    expect(progress[1]).toEqual(progress[0]);
  });

  test('give the same checkpoint after every step', async () => {
    const [plain, kept] = [new History(), new History()];
    const run = toyRun({ training: training(), checkpointSeconds: 0 });
    await train({ ...run, store: plain });
    await train(onDevice(new ToyDevice(), { ...run, store: kept }));
    expect(plain.writes.length).toBeGreaterThan(18);
    expect(kept.writes).toEqual(plain.writes);
  });

  test('go on from what a run on the host left, and the other way round', async () => {
    const expected = await outcomeOf(toyRun({ training: training() }));
    for (const first of [0, 1]) {
      const store = new MemoryStore();
      const run = toyRun({ training: training(), store });
      const runs = [onDevice(new ToyDevice(), run), run] as const;
      await train({ ...runs[first ? 1 : 0], steps: 9 });
      await train({ ...runs[first ? 0 : 1], resume: true });
      expect(await filesOf(store)).toEqual(expected.files);
    }
  });

  test('after a signal at any step and a resumption give the bits of a run never stopped', async () => {
    const expected = await outcomeOf(toyRun({ training: training() }));
    for (let stop = 1; stop < expected.result.step; stop++) {
      const store = new MemoryStore();
      const controller = new AbortController();
      const device = new ToyDevice();
      const first = await train(
        onDevice(
          device,
          toyRun({
            training: training(),
            store,
            signal: controller.signal,
            onProgress: ({ step }) => {
              if (step === stop) controller.abort();
            },
          }),
        ),
      );
      expect(first.interrupted).toBe(true);
      // The step that was on its way is finished, no other is begun.
      const last = stop % training().count(0) === 0 ? stop : stop + 1;
      expect(first.step).toBe(last);
      expect(device.count('train run')).toBe(last);
      await train(onDevice(new ToyDevice(), toyRun({ training: training(), store, resume: true })));
      expect(await filesOf(store)).toEqual(expected.files);
    }
  });
});

describe('what goes to the device and comes back', () => {
  test('is the batch and numbers; whole weights only where an epoch ends', async () => {
    const device = new ToyDevice();
    await train(onDevice(device, toyRun()));
    expect([...(device.sent.get('train') ?? [])].sort()).toEqual(
      ['lengths', 'random', 'step', 'text', 'toy.h0'].sort(),
    );
    expect([...(device.returned.get('train') ?? [])].sort()).toEqual(
      ['gradientNorm', 'loss', 'nats/count', 'nats/sum', 'norm/toy.W', 'rate'].sort(),
    );
    expect(device.count('train write')).toBe(1);
    expect(device.count('train read')).toBe(3);
    expect(device.count('validate write')).toBe(3);
    expect(device.count('validate run')).toBe(3 * toyExamples(2).count(0));
    expect(device.count('validate read')).toBe(0);
  });

  test('has no carried states, but zeros where an epoch begins', async () => {
    const device = new ToyDevice();
    await train(onDevice(device, toyRun({ training: toyStream() })));
    expect([...(device.sent.get('train') ?? [])].sort()).toEqual(
      ['lengths', 'random', 'step', 'text'].sort(),
    );
    expect(device.returned.get('train')?.has('toy.hn')).toBe(false);
    expect(device.count('train write toy.h0')).toBe(3);
    expect(device.count('train write')).toBe(4);
  });

  test('is one state at the end where nothing else needs it', async () => {
    const device = new ToyDevice();
    const { validation: _validation, ...run } = toyRun();
    await train(onDevice(device, run));
    expect(device.count('train read')).toBe(1);
  });

  test('is nothing at all for a run that has ended', async () => {
    const store = new MemoryStore();
    await train(toyRun({ store }));
    const device = new ToyDevice();
    await train(onDevice(device, toyRun({ store, resume: true })));
    expect(device.count('train open')).toBe(0);
  });
});

describe('steps on a device', () => {
  test('begin before the numbers of the one before are back, two at a time at most', async () => {
    // A step's numbers come only when the next step has begun; a loop that waits would hang.
    const hold = (step: number, device: ToyDevice): Promise<void> =>
      step % 6 === 0 ? Promise.resolve() : device.happened(`train run ${step + 1}`);
    const device = new ToyDevice({ hold });
    const { validation: _validation, ...run } = toyRun();
    await train(onDevice(device, run));
    for (let step = 1; step < 18; step++) {
      const [next, back] = [at(device, `train run ${step + 1}`), at(device, `train back ${step}`)];
      if (step % 6 === 0) expect(next).toBeGreaterThan(back);
      else expect(next).toBeLessThan(back);
      if (step >= 2) expect(next).toBeGreaterThan(at(device, `train back ${step - 1}`));
    }
  });

  test('are all back before weights are read, and when the state is freed', async () => {
    const device = new ToyDevice();
    await train(onDevice(device, toyRun()));
    expect(device.events.indexOf('train read')).toBe(at(device, 'train back 6') + 1);
    expect(device.events.at(-1)).toBe('train close');
  });
});

describe('numbers that diverge while a further step runs', () => {
  const nan = { dtype: 'float', shape: [], data: Float64Array.of(NaN) } as const;
  const spoil: ToyOptions['spoil'] = (step, results) => {
    if (step === 9) for (const name of ['loss', 'norm/toy.W']) results.set(name, nan);
  };

  test('stop the run with the fault and the files of a run on the host', async () => {
    const [plain, kept] = [new MemoryStore(), new MemoryStore()];
    const device = new ToyDevice();
    const expected = await faultOfAsync(() => train(toyRun({ store: plain }, { spoil })));
    const run = toyRun({ store: kept }, { spoil });
    const fault = await faultOfAsync(() => train(onDevice(device, run)));
    expect(device.count('train run 10')).toBe(1);
    expect(fault).toMatchObject({ code: 'R7301', message: expected.message, hint: expected.hint });
    expect(fault.message).toContain('step 9: the loss is NaN');
    expect(await filesOf(kept)).toEqual(await filesOf(plain));
    expect(at(device, 'train close')).toBeGreaterThan(at(device, 'train back 10'));
    const resumed = await train(toyRun({ store: kept, resume: true }));
    expect(resumed.weights).toEqual((await train(toyRun())).weights);
  });

  test('are never kept, where only the weights are broken', async () => {
    const [plain, kept] = [new MemoryStore(), new MemoryStore()];
    const breaking: ToyOptions['spoil'] = (step, results) => {
      const data = Float64Array.of(1, Infinity, 1, 1);
      if (step === 3) results.set('next/toy.W', { dtype: 'float', shape: [4], data });
    };
    const run = (store: MemoryStore): TrainOptions =>
      toyRun({ store, checkpointSeconds: 0 }, { spoil: breaking });
    const expected = await faultOfAsync(() => train(run(plain)));
    const fault = await faultOfAsync(() => train(onDevice(new ToyDevice(), run(kept))));
    expect(fault.message).toBe(expected.message);
    expect(await filesOf(kept)).toEqual(await filesOf(plain));
  });

  test('a program that fails leaves the checkpoint and the steps before it', async () => {
    const store = new MemoryStore();
    const onStep = (step: number): void => {
      if (step === 10) throw new Error('crash');
    };
    const steps: number[] = [];
    const onProgress = ({ step }: { step: number }): void => void steps.push(step);
    let reopened = 0;
    const run = toyRun({ store, onProgress }, { onStep });
    const reopen = (): Promise<Reopened> => {
      reopened++;
      return Promise.resolve({ executable: toyExecutable() });
    };
    await expect(train({ ...onDevice(new ToyDevice(), run), reopen })).rejects.toThrow('crash');
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(reopened).toBe(0);
    await train(toyRun({ store, resume: true }));
    expect(await filesOf(store)).toEqual((await outcomeOf(toyRun())).files);
  });
});
