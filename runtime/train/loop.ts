/**
 * Training: batches in order, one update each, validation after each epoch, checkpoints on the way.
 * The state after an update is a function of the options' data, program and seed alone, never of
 * the clock, of how often the run was stopped and resumed, or of where the program runs. Weights
 * stay there (step-queue.ts) and come to the host where they are validated or written down.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { fingerprintOf, freshState, loadBest, loadState } from './begin.ts';
import { bestPath, checkpointPath, writeCheckpoint, writeWeights } from './checkpoint.ts';
import type { TrainPlace, TrainState } from './checkpoint.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { brokenWeights, divergence, explosionWarning } from './guard.ts';
import { LogWriter } from './log.ts';
import { metricValues } from './metrics.ts';
import { afterEpoch, afterStep, placeOf } from './place.ts';
import { Programs } from './programs.ts';
import type { StepOutcome } from './step.ts';
import { StepQueue, type StepDone } from './step-queue.ts';
import { checkOptions, type TrainOptions, type TrainResult } from './train-options.ts';

type Arrays = ReadonlyMap<string, NdArray>;

/**
 * Faults: R7301 when the numbers diverge; R7302 to R7304 on resuming; R7309, R7310 for options;
 * those of the programs.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkOptions(options);
  const run = await Run.begin(options);
  return run.complete();
}

class Run {
  private readonly options: TrainOptions;
  private readonly log: LogWriter;
  private readonly programs: Programs;
  /** After the last step whose numbers are back. */
  private place: TrainPlace;
  /** The last whole state on the host; a lost device sets the run back to it. */
  private held: TrainState;
  /** Opened by the first step. */
  private queue: StepQueue | undefined;
  private bestWeights: Arrays | undefined;
  private lastValidation: Evaluation | undefined;
  /** Step of the checkpoint in the store. */
  private keptStep: number;
  /** The most steps that were ever done, those included that a lost device undid. */
  private reached: number;
  private savedAt = performance.now();
  private pausedAt = performance.now();

  private constructor(
    options: TrainOptions,
    log: LogWriter,
    state: TrainState,
    best: Arrays | undefined,
  ) {
    this.options = options;
    this.log = log;
    this.programs = new Programs(options);
    this.held = state;
    this.place = placeOf(state);
    this.keptStep = state.step;
    this.reached = state.step;
    this.bestWeights = best;
  }

  static async begin(options: TrainOptions): Promise<Run> {
    const resumed = options.resume === true;
    const state = resumed ? await loadState(options) : freshState(options);
    const best = state.best === undefined ? undefined : await loadBest(options);
    const log = await LogWriter.open(options.store, state.logRecords);
    const run = new Run(options, log, state, best);
    if (!resumed) await run.save();
    return run;
  }

  /** To the end or the signal, over as many devices as it takes. */
  async complete(): Promise<TrainResult> {
    try {
      for (;;) {
        try {
          return await this.finish(await this.go());
        } catch (error) {
          await this.recover(error);
        }
      }
    } finally {
      await this.queue?.close();
    }
  }

  /** Steps and epochs until the end or the signal; true if it was the signal. */
  private async go(): Promise<boolean> {
    const { training } = this.options;
    let interrupted = await this.pause();
    while (interrupted === 'continue') {
      if (this.upcoming().position >= training.count(this.place.epoch)) {
        if (!(await this.finishEpoch())) interrupted = 'stop';
      } else if (this.done()) {
        break;
      } else {
        await this.step();
        interrupted = await this.pause();
      }
    }
    await this.settle(0);
    await this.save();
    return interrupted === 'stop';
  }

  private async finish(interrupted: boolean): Promise<TrainResult> {
    const state = this.held;
    const atEnd = state.position === 0 ? this.lastValidation : undefined;
    const validation = interrupted ? atEnd : (atEnd ?? (await this.validate()));
    const better = validation !== undefined && validation.loss < (state.best?.loss ?? Infinity);
    const mark = better
      ? { loss: validation.loss, step: state.step, epoch: state.epoch }
      : state.best;
    const weights = better ? state.weights : this.bestWeights;
    return {
      interrupted,
      step: state.step,
      epoch: state.epoch,
      weights: state.weights,
      optimizer: state.optimizer,
      ...(mark === undefined || weights === undefined ? {} : { best: { ...mark, weights } }),
      ...(validation === undefined ? {} : { validation }),
    };
  }

  /** Back to the last state on the host; the steps since are done again, to the same bits. */
  private async recover(error: unknown): Promise<void> {
    const { queue } = this;
    this.queue = undefined;
    await queue?.close();
    await this.programs.reopen(error, this.reached);
    this.place = placeOf(this.held);
    await this.log.rewind(this.held.logRecords);
    const message = `the device was lost; training goes on from step ${this.held.step}`;
    this.options.onWarning?.(message);
  }

  /** Steps and batches done once all that are on their way are back. */
  private upcoming(): { readonly step: number; readonly position: number } {
    const ahead = this.queue?.length ?? 0;
    return { step: this.place.step + ahead, position: this.place.position + ahead };
  }

  private done(): boolean {
    const { epochs = Infinity, steps = Infinity } = this.options;
    return this.place.epoch >= epochs || this.upcoming().step >= steps;
  }

  private async step(): Promise<void> {
    const { program, training } = this.options;
    const { executable } = this.programs;
    const { epoch, seed } = this.place;
    this.queue ??= await StepQueue.open(executable, program, training.carries, this.held);
    const { step, position } = this.upcoming();
    this.queue.submit(training.batch(epoch, position), { seed, step: step + 1 });
    await this.settle(this.queue.ahead);
    if (!this.saveIsDue()) return;
    await this.settle(0);
    await this.save();
  }

  /** Waits until at most so many steps are on their way. */
  private async settle(ahead: number): Promise<void> {
    while (this.queue !== undefined && this.queue.length > ahead) {
      const done = await this.queue.next();
      if (done !== undefined) await this.account(done);
    }
  }

  /** What a step's numbers say. Those behind it may be on their way; nothing of them is kept. */
  private async account(done: StepDone): Promise<void> {
    const { program } = this.options;
    const { place } = this;
    const { batch, outcome } = done;
    const step = place.step + 1;
    const fault = divergence(program, outcome, step, this.keptStep);
    if (fault !== undefined) await this.stop(fault, step);
    const warning = explosionWarning(program, outcome, step, place.norms);
    if (warning !== undefined) {
      await this.log.add({ kind: 'warning', step, message: warning });
      this.options.onWarning?.(warning);
    }
    this.place = afterStep(place, program, done);
    this.reached = Math.max(this.reached, step);
    await this.report(outcome, batch.tokens);
  }

  private async report(outcome: StepOutcome, tokens: number): Promise<void> {
    const { loss, rate, gradientNorm } = outcome;
    const { step } = this.place;
    const epoch = this.place.epoch + 1;
    const metrics = metricValues(this.options.program.metrics, outcome.tallies);
    const shared = { step, epoch, loss, metrics, rate, gradientNorm, tokens };
    await this.log.add({ kind: 'step', ...shared });
    const validation = this.lastValidation;
    this.options.onProgress?.({
      ...shared,
      totalSteps: this.totalSteps(),
      ...(validation === undefined ? {} : { validation }),
    });
  }

  private totalSteps(): number {
    const { epochs = Infinity, steps = Infinity, training } = this.options;
    return Math.min(steps, epochs * training.count(this.place.epoch));
  }

  /** Validation, best weights, the epoch's record; false if the signal cut the validation short. */
  private async finishEpoch(): Promise<boolean> {
    await this.settle(0);
    const validation = await this.validate();
    if (validation === undefined && this.options.validation !== undefined) return false;
    this.lastValidation = validation;
    const { program } = this.options;
    const { step, tallies } = this.place;
    const epoch = this.place.epoch + 1;
    const [loss, ...metrics] = tallies;
    await this.log.add({
      kind: 'epoch',
      epoch,
      step,
      loss: loss === undefined ? NaN : loss.sum / loss.count,
      metrics: metricValues(program.metrics, metrics),
      ...(validation === undefined
        ? {}
        : { validation: { loss: validation.loss, metrics: validation.metrics } }),
    });
    if (validation !== undefined) await this.keepBest(validation.loss, epoch);
    this.queue?.forgetStates();
    this.place = afterEpoch(this.place, program);
    // Where the weights are here anyway, a lost device need not undo the end of the epoch.
    if (this.held.step === step) await this.hold();
    if (this.saveIsDue()) await this.save();
    return true;
  }

  private async validate(): Promise<Evaluation | undefined> {
    const { validation, program } = this.options;
    const executable = this.programs.validation;
    if (validation === undefined || executable === undefined) return undefined;
    const pause = (): Promise<'continue' | 'stop'> => this.pause();
    const { weights } = await this.hold();
    return evaluate(executable, program, weights, validation.data, { pause });
  }

  private async keepBest(loss: number, epoch: number): Promise<void> {
    if (!(loss < (this.place.best?.loss ?? Infinity))) return;
    const { step, weights } = await this.hold();
    this.bestWeights = weights;
    await this.options.store?.writeAtomically(bestPath, writeWeights(weights));
    this.place = { ...this.place, best: { loss, step, epoch } };
  }

  /** The whole state here on the host; once no step is on its way. */
  private async hold(): Promise<TrainState> {
    const { place, held, queue } = this;
    const arrays = held.step === place.step || queue === undefined ? held : await queue.read();
    const carried: Arrays = place.position === 0 ? new Map() : arrays.carried;
    const { weights, optimizer } = arrays;
    this.held = { ...place, weights, optimizer, carried, logRecords: this.log.records };
    return this.held;
  }

  private saveIsDue(): boolean {
    const seconds = this.options.checkpointSeconds ?? 2;
    return performance.now() - this.savedAt >= seconds * 1000;
  }

  /** The log goes first: a checkpoint never counts records that are not there. */
  private async save(): Promise<void> {
    const { store, program } = this.options;
    const state = await this.hold();
    const { step, weights } = state;
    const fault = brokenWeights(program, weights, step, this.keptStep);
    if (fault !== undefined) await this.stop(fault, step);
    await this.log.flush();
    const fingerprint = fingerprintOf(this.options);
    await store?.writeAtomically(checkpointPath, writeCheckpoint(state, fingerprint));
    this.keptStep = step;
    this.savedAt = performance.now();
  }

  private async stop(fault: RuntimeFault, step: number): Promise<never> {
    await this.log.add({ kind: 'fault', step, message: fault.message });
    await this.log.flush();
    throw fault;
  }

  /**
   * Programs that run on this thread never give way to it by themselves; without a pause now and
   * then no signal would arrive and no progress be drawn. How often changes no result.
   */
  private async pause(): Promise<'continue' | 'stop'> {
    if (performance.now() - this.pausedAt > 50) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.pausedAt = performance.now();
    }
    return this.options.signal?.aborted === true ? 'stop' : 'continue';
  }
}
