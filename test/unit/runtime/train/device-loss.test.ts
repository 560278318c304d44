/** A device that is lost while it trains: the run goes on from what the host has, same bits. */
import { describe, expect, test } from 'vitest';
import { RuntimeFault, type Executable } from '../../../../runtime/artifact/executable.ts';
import { train } from '../../../../runtime/train/loop.ts';
import { MemoryStore } from '../../../../runtime/train/store.ts';
import type { Reopened, TrainOptions } from '../../../../runtime/train/train-options.ts';
import { faultOfAsync } from '../../../support/fault.ts';
import { ToyDevice, type ToyDeviceOptions } from '../../../support/toy-device.ts';
import { filesOf, onDevice, outcomeOf, toyRun, toySources } from '../../../support/toy-runs.ts';
import { toyExecutable } from '../../../support/toy-training.ts';

interface Losses {
  readonly run: TrainOptions;
  readonly devices: readonly ToyDevice[];
  readonly warnings: readonly string[];
}

/** A run whose devices are lost as `lose` says, one after the other; those after them last. */
function losing(run: TrainOptions, ...lose: readonly ToyDeviceOptions['lose'][]): Losses {
  const devices: ToyDevice[] = [];
  const warnings: string[] = [];
  const open = (): TrainOptions => {
    const rule = lose[devices.length];
    const device = new ToyDevice(rule === undefined ? {} : { lose: rule });
    devices.push(device);
    return onDevice(device, run);
  };
  const reopen = (): Promise<Reopened> => {
    const { executable, validation } = open();
    return Promise.resolve({
      executable,
      ...(validation === undefined ? {} : { validation: validation.executable }),
    });
  };
  const onWarning = (message: string): void => void warnings.push(message);
  return { run: { ...open(), reopen, onWarning }, devices, warnings };
}

describe('a device that is lost', () => {
  test.each(toySources)('at any moment changes no bit, on %s', async (_name, training) => {
    // With an end within an epoch, so that validation comes after the last checkpoint too.
    const run = toyRun({ training: training(), steps: 14 });
    const expected = await outcomeOf(run);
    const device = new ToyDevice();
    await train(onDevice(device, { ...run, store: new MemoryStore() }));
    const moments = device.events.filter((event) => !event.endsWith('close')).length;
    expect(moments).toBeGreaterThan(40);
    for (let moment = 0; moment < moments; moment++) {
      let events = 0;
      const { run: lossy, warnings } = losing(run, () => events++ === moment);
      expect(await outcomeOf(lossy)).toEqual(expected);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/^the device was lost; training goes on from step \d+$/);
    }
  });

  test('sets the run back to the last state on the host, which need not be in the store', async () => {
    const { run, devices, warnings } = losing(toyRun(), (event) => event === 'train back 11');
    const store = new MemoryStore();
    await train({ ...run, store });
    expect(warnings).toEqual(['the device was lost; training goes on from step 6']);
    expect(devices[1]?.events.filter((event) => event.startsWith('train run'))[0]).toBe(
      'train run 7',
    );
  });

  test('takes back the records that its steps had written', async () => {
    const { validation: _validation, ...rest } = toyRun({ epochs: 15 });
    const expected = await outcomeOf(rest);
    const { run, warnings } = losing(rest, (event) => event === 'train run 80');
    expect(await outcomeOf(run)).toEqual(expected);
    expect(warnings).toEqual(['the device was lost; training goes on from step 0']);
  });

  test('may be followed by others, as long as there is a new step between them', async () => {
    const lose = [4, 9, 10, 17].map((step) => (event: string) => event === `train back ${step}`);
    const { run, devices, warnings } = losing(toyRun(), ...lose);
    expect(await outcomeOf(run)).toEqual(await outcomeOf(toyRun()));
    expect(warnings.map((w) => w.replace(/^.* /, ''))).toEqual(['0', '6', '6', '12']);
    // What was kept is freed each time; the programs are the caller's.
    expect(devices.map((d) => d.count('train close'))).toEqual([1, 1, 1, 1, 1]);
    expect(devices.map((d) => d.count('train closed'))).toEqual([0, 0, 0, 0, 0]);
  });

  test('is final at the second loss without a new step, and a valid checkpoint stays', async () => {
    const rule = (event: string): boolean => event === 'train back 11';
    const { run, devices, warnings } = losing(toyRun(), rule, rule);
    const store = new MemoryStore();
    const fault = await faultOfAsync(() => train({ ...run, store }));
    expect(fault.code).toBe('T6405');
    expect([devices.length, warnings.length]).toEqual([2, 1]);
    await train(toyRun({ store, resume: true }));
    expect(await filesOf(store)).toEqual((await outcomeOf(toyRun())).files);
  });

  test('is final at once where nobody opens another', async () => {
    const device = new ToyDevice({ lose: (event) => event === 'train run 8' });
    const fault = await faultOfAsync(() => train(onDevice(device, toyRun())));
    expect(fault.code).toBe('T6405');
  });

  test('is no matter of kept weights: a program without them comes back too', async () => {
    const lost: Executable = {
      run: () => Promise.reject(new RuntimeFault('T6405', 'the device was lost')),
    };
    const reopen = (): Promise<Reopened> => Promise.resolve({ executable: toyExecutable() });
    expect(await outcomeOf({ ...toyRun(), executable: lost, reopen })).toEqual(
      await outcomeOf(toyRun()),
    );
  });
});
