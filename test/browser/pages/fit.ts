/** Runs in the browser: trains a bundle that the page serves; its GPU can be lost on the way. */
import type { Backend } from '../../../runtime/artifact/bundle.ts';
import type { Example } from '../../../runtime/bundle/examples.ts';
import type { Trainable, TrainableOptions } from '../../../runtime/bundle/fit/trainable.ts';
import type { OpenModel } from '../../../runtime/bundle/load.ts';
import { adapters, noGpu, watchDevices } from './trouble.ts';

export interface FitTask {
  readonly address: string;
  readonly backend?: Backend;
  readonly examples: readonly Example[];
  readonly steps: number;
  /** `absent`, or lost after so many steps: for a time, or for good. */
  readonly gpu?: 'absent' | { readonly lostAfter: number; readonly forGood: boolean };
}

export interface FitAnswer {
  /** Of the model that was trained, and of what it was before. */
  readonly backends: readonly Backend[];
  /** What `save` gives. */
  readonly saved: readonly number[];
  /** Whether an answer of a model that is loaded from it is that of the one that was trained. */
  readonly same: boolean;
  readonly devices: number;
}

type Load = (options: TrainableOptions) => Promise<OpenModel & Trainable>;

export async function main({ address, backend, ...task }: FitTask): Promise<FitAnswer> {
  const { load } = (await import(address)) as { readonly load: Load };
  const { examples, steps, gpu } = task;
  const devices = watchDevices(false);
  if (gpu === 'absent') noGpu();
  const model = await load({ backend });
  let lost = false;
  const { model: tuned } = await model.fit(examples, {
    steps,
    onProgress({ step }) {
      // Steps that are lost with a device are done, and told, once more.
      if (typeof gpu !== 'object' || step !== gpu.lostAfter || lost) return;
      lost = true;
      if (gpu.forGood) adapters(() => Promise.resolve(null));
      devices.forEach((device) => device.destroy());
    },
  });
  const saved = await tuned.save();
  const again = await load({ backend: tuned.backend, saved });
  const answers = await Promise.all([tuned, again].map((one) => one.run(examples)));
  const [trained = '', loaded] = answers.map((answer) => JSON.stringify(answer));
  return {
    backends: [model.backend, tuned.backend],
    saved: [...saved],
    same: trained === loaded,
    devices: devices.length,
  };
}
