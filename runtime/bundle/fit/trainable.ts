/**
 * A bundle whose model can be trained further. Training changes no model: it gives another one,
 * with weights of its own, and whoever uses the first goes on as before.
 */
import type { Backend } from '../../artifact/bundle.ts';
import type { NamedNumbers, Numbers } from '../engine.ts';
import type { Example } from '../examples.ts';
import {
  openBundle,
  openWith,
  readWeights,
  type Bundle,
  type LoadOptions,
  type OpenModel,
} from '../load.ts';
import type { FitOptions } from './fit.ts';
import type { Trainer } from './trainer.ts';
import type { Tuned } from './tuned.ts';

export interface TrainableOptions extends LoadOptions {
  /** What `save` gave, instead of the weights. */
  readonly saved?: Uint8Array | undefined;
}

export interface Trainable {
  fit(examples: readonly Example[], options?: FitOptions): Promise<FittedModel>;
  /** Weights, optimizer and number of updates. */
  save(): Promise<Uint8Array>;
}

export interface FittedModel {
  readonly model: OpenModel & Trainable;
  /** Updates of this call. */
  readonly steps: number;
  /** Of the last update's batch, before that update; NaN where there was none. */
  readonly loss: number;
  readonly interrupted: boolean;
}

interface Trained<Features> {
  readonly bundle: Bundle<Features>;
  readonly trainer: () => Promise<Trainer>;
  readonly options: TrainableOptions;
}

/** Faults: those of `openBundle`; R7803 for what is given as saved and is not. */
export async function openTrainable<Features extends object>(
  bundle: Bundle<Features>,
  trainer: () => Promise<Trainer>,
  options: TrainableOptions = {},
): Promise<OpenModel & Features & Trainable> {
  const { saved } = options;
  const trained = { bundle, trainer, options };
  if (saved === undefined) return modelOf(trained, await readWeights(bundle, options));
  const tuned = (await trainer()).read(saved, bundle.described.weights.hash);
  return modelOf(trained, numbersOf(tuned), tuned);
}

async function modelOf<Features extends object>(
  trained: Trained<Features>,
  weights: NamedNumbers,
  tuned?: Tuned,
): Promise<OpenModel & Features & Trainable> {
  const { bundle, trainer, options } = trained;
  const model = await openWith(bundle, weights, options.backend);
  const from = async (): Promise<Tuned> => tuned ?? (await trainer()).begin(weights);
  const further: Trainable & Partial<OpenModel> = {
    async fit(examples, how = {}) {
      const { tuned: next, ...told } = await (
        await trainer()
      ).fit({
        from: await from(),
        examples,
        encode: bundle.encode,
        backends: backendsFrom(bundle, model.backend, options.backend),
        options: how,
      });
      return { ...told, model: await modelOf(trained, numbersOf(next), next) };
    },
    save: async () => (await trainer()).write(await from(), bundle.described.weights.hash),
    // What is expected there is expected of the weights that the bundle has.
    ...(tuned === undefined ? {} : { selfTest: () => selfTest(trained, model.backend) }),
  };
  return Object.assign(model, further);
}

async function selfTest<Features extends object>(
  { bundle, options }: Trained<Features>,
  backend: Backend,
): ReturnType<OpenModel['selfTest']> {
  const model = await openBundle(bundle, { ...options, backend });
  try {
    return await model.selfTest();
  } finally {
    model.close();
  }
}

/** Where the model runs and what comes after that; there alone if it was asked for by name. */
function backendsFrom(
  { engines }: Bundle<object>,
  used: Backend,
  wanted: Backend | undefined,
): readonly Backend[] {
  const all = engines.map(({ backend }) => backend);
  return wanted === undefined ? all.slice(all.indexOf(used)) : [wanted];
}

function numbersOf({ weights }: Tuned): NamedNumbers {
  return new Map(
    [...weights].map(([name, { data }]): [string, Numbers] => [name, Float32Array.from(data)]),
  );
}
