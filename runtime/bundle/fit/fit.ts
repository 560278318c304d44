/** Trains the weights of a bundle further, on the device that it runs on. */
import { RuntimeFault, type Executable } from '../../artifact/executable.ts';
import type { Backend } from '../../artifact/bundle.ts';
import type { TrainOptions, TrainProgress } from '../../train/train-options.ts';
import { train } from '../../train/loop.ts';
import type { Encode, Example } from '../examples.ts';
import type { DescribedTraining } from './description.ts';
import { trainingBatches } from './training-batches.ts';
import type { Tuned } from './tuned.ts';

export interface FitOptions {
  /** Updates in all; those of `epochs` if left out. */
  readonly steps?: number | undefined;
  /** Rounds through the examples; 1 if neither is given. */
  readonly epochs?: number | undefined;
  /** Examples of one update; as the spec says if left out. */
  readonly batch?: number | undefined;
  /** Of the order of examples and of dropout; 1 if left out. */
  readonly seed?: number | undefined;
  /** A factor on the learning rate of the spec; 1 if left out. */
  readonly rate?: number | undefined;
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Once aborted, the update that runs is finished, and what was learned is returned. */
  readonly signal?: AbortSignal | undefined;
}

export interface Fitted {
  readonly tuned: Tuned;
  /** Updates of this call. */
  readonly steps: number;
  /** Of the last update's batch, before that update; NaN where there was none. */
  readonly loss: number;
  readonly interrupted: boolean;
}

/** What opens the training step on one backend: undefined where this place has it not. */
export type OpenStep = (backend: Backend) => Promise<Executable | undefined>;

export interface FitRequest {
  readonly training: DescribedTraining;
  readonly open: OpenStep;
  /** In the order in which they are tried. */
  readonly backends: readonly Backend[];
  readonly encode: Encode | undefined;
  readonly from: Tuned;
  readonly examples: readonly Example[];
  readonly options: FitOptions;
}

/**
 * Further updates of weights and optimizer; what they were before stays as it is. Faults: R7801 for
 * examples, R7310 for options, R7301 when the numbers diverge, R7804 where no backend trains here.
 */
export async function fit(request: FitRequest): Promise<Fitted> {
  const { training, from, options } = request;
  const { batch = training.batch, seed = 1, rate = 1, steps, onProgress, signal } = options;
  if (!(rate > 0 && rate < Infinity)) {
    throw new RuntimeFault('R7310', `rate must be a number above 0, not ${String(rate)}`);
  }
  const batches = trainingBatches(training, request, { batch, seed, rate });
  const opened = new Opened(request);
  const { program } = training;
  let loss = NaN;
  try {
    const result = await train({
      ...{ program, seed, training: batches },
      executable: await opened.first(),
      weights: () => from.weights,
      begin: from,
      ...limits(from.step, steps, options.epochs),
      reopen: async () => ({ executable: await opened.next() }),
      onProgress: (progress) => {
        ({ loss } = progress);
        onProgress?.(progress);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const { weights, optimizer, interrupted, step } = result;
    return { tuned: { weights, optimizer, step }, steps: step - from.step, loss, interrupted };
  } finally {
    opened.close();
  }
}

/** The program where it runs now; when its device is lost, there or on the next backend. */
class Opened {
  private readonly request: FitRequest;
  private at = 0;
  private executable: Executable | undefined;

  constructor(request: FitRequest) {
    this.request = request;
  }

  async first(): Promise<Executable> {
    const { backends, open } = this.request;
    for (; this.at < backends.length; this.at++) {
      const [backend] = backends.slice(this.at);
      this.executable = backend === undefined ? undefined : await open(backend);
      if (this.executable !== undefined) return this.executable;
    }
    throw new RuntimeFault(
      'R7804',
      'no backend of this bundle trains here',
      'load it without naming a backend, or build it with more of them',
    );
  }

  next(): Promise<Executable> {
    this.close();
    return this.first();
  }

  close(): void {
    this.executable?.close?.();
    this.executable = undefined;
  }
}

function limits(
  done: number,
  steps: number | undefined,
  epochs: number | undefined,
): Pick<TrainOptions, 'steps' | 'epochs'> {
  const rounds = steps === undefined ? (epochs ?? 1) : epochs;
  return {
    ...(rounds === undefined ? {} : { epochs: rounds }),
    ...(steps === undefined ? {} : { steps: done + steps }),
  };
}
