/**
 * Training: batches in order, one update each, validation after each epoch, checkpoints on the way.
 * The state after an update is a function of the options' data, program and seed alone, never of
 * the clock or of how often the run was stopped and resumed.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { fingerprintOf, freshState, loadBest, loadState } from './begin.ts';
import { bestPath, checkpointPath, writeCheckpoint, writeWeights } from './checkpoint.ts';
import type { TrainState } from './checkpoint.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { brokenWeights, divergence, explosionWarning, rememberNorm } from './guard.ts';
import { LogWriter } from './log.ts';
import { addTally, metricValues, type Tally } from './metrics.ts';
import { lossWeight, runStep, type StepOutcome } from './step.ts';
import { checkOptions, type TrainOptions, type TrainResult } from './train-options.ts';

type Arrays = ReadonlyMap<string, NdArray>;

/** Faults: R7301 when the numbers diverge; R7302 to R7304 on resuming; R7309, R7310 for options. */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkOptions(options);
  const run = await Run.begin(options);
  return run.finish(await run.go());
}

const zeroTally: Tally = { sum: 0, count: 0 };

class Run {
  private readonly options: TrainOptions;
  private readonly log: LogWriter;
  private state: TrainState;
  private bestWeights: Arrays | undefined;
  private lastValidation: Evaluation | undefined;
  /** Step of the checkpoint in the store. */
  private keptStep: number;
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
    this.state = state;
    this.keptStep = state.step;
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

  /** Steps and epochs until the end or the signal; true if it was the signal. */
  async go(): Promise<boolean> {
    const { training } = this.options;
    let interrupted = await this.pause();
    while (interrupted === 'continue') {
      if (this.state.position >= training.count(this.state.epoch)) {
        if (!(await this.finishEpoch())) interrupted = 'stop';
      } else if (this.done()) {
        break;
      } else {
        await this.step();
        interrupted = await this.pause();
      }
    }
    await this.save();
    return interrupted === 'stop';
  }

  async finish(interrupted: boolean): Promise<TrainResult> {
    const { state } = this;
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
      ...(mark === undefined || weights === undefined ? {} : { best: { ...mark, weights } }),
      ...(validation === undefined ? {} : { validation }),
    };
  }

  private done(): boolean {
    const { epochs = Infinity, steps = Infinity } = this.options;
    return this.state.epoch >= epochs || this.state.step >= steps;
  }

  private async step(): Promise<void> {
    const { program, executable, training } = this.options;
    const { state } = this;
    const batch = training.batch(state.epoch, state.position);
    const outcome = await runStep(executable, program, state, batch);
    const step = state.step + 1;
    const fault = divergence(program, outcome, step, this.keptStep);
    if (fault !== undefined) await this.stop(fault, step);
    const warning = explosionWarning(program, outcome, step, state.norms);
    if (warning !== undefined) {
      await this.log.add({ kind: 'warning', step, message: warning });
      this.options.onWarning?.(warning);
    }
    const weight = lossWeight(program, batch, outcome.tallies);
    this.state = {
      ...state,
      step,
      position: state.position + 1,
      weights: outcome.weights,
      optimizer: outcome.optimizer,
      carried: training.carries ? outcome.finals : new Map(),
      tallies: this.addTallies(outcome, weight),
      norms: rememberNorm(state.norms, outcome.gradientNorm),
    };
    await this.report(outcome, batch.tokens);
    if (this.saveIsDue()) await this.save();
  }

  private addTallies(outcome: StepOutcome, weight: number): readonly Tally[] {
    const added = [{ sum: outcome.loss * weight, count: weight }, ...outcome.tallies];
    return this.state.tallies.map((tally, i) => addTally(tally, added[i] ?? zeroTally));
  }

  private async report(outcome: StepOutcome, tokens: number): Promise<void> {
    const { loss, rate, gradientNorm } = outcome;
    const { step } = this.state;
    const epoch = this.state.epoch + 1;
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
    return Math.min(steps, epochs * training.count(this.state.epoch));
  }

  /** Validation, best weights, the epoch's record; false if the signal cut the validation short. */
  private async finishEpoch(): Promise<boolean> {
    const validation = await this.validate();
    if (validation === undefined && this.options.validation !== undefined) return false;
    this.lastValidation = validation;
    const { step, tallies } = this.state;
    const epoch = this.state.epoch + 1;
    const [loss = zeroTally, ...metrics] = tallies;
    await this.log.add({
      kind: 'epoch',
      epoch,
      step,
      loss: loss.sum / loss.count,
      metrics: metricValues(this.options.program.metrics, metrics),
      ...(validation === undefined
        ? {}
        : { validation: { loss: validation.loss, metrics: validation.metrics } }),
    });
    if (validation !== undefined) await this.keepBest(validation.loss, epoch);
    const cleared = tallies.map(() => zeroTally);
    this.state = { ...this.state, epoch, position: 0, carried: new Map(), tallies: cleared };
    if (this.saveIsDue()) await this.save();
    return true;
  }

  private async validate(): Promise<Evaluation | undefined> {
    const { validation, program } = this.options;
    if (validation === undefined) return undefined;
    const pause = (): Promise<'continue' | 'stop'> => this.pause();
    const { executable, data } = validation;
    return evaluate(executable, program, this.state.weights, data, pause);
  }

  private async keepBest(loss: number, epoch: number): Promise<void> {
    if (!(loss < (this.state.best?.loss ?? Infinity))) return;
    this.bestWeights = this.state.weights;
    await this.options.store?.writeAtomically(bestPath, writeWeights(this.state.weights));
    this.state = { ...this.state, best: { loss, step: this.state.step, epoch } };
  }

  private saveIsDue(): boolean {
    const seconds = this.options.checkpointSeconds ?? 2;
    return performance.now() - this.savedAt >= seconds * 1000;
  }

  /** The log goes first: a checkpoint never counts records that are not there. */
  private async save(): Promise<void> {
    const { store, program } = this.options;
    const { step, weights } = this.state;
    const fault = brokenWeights(program, weights, step, this.keptStep);
    if (fault !== undefined) await this.stop(fault, step);
    await this.log.flush();
    this.state = { ...this.state, logRecords: this.log.records };
    const bytes = writeCheckpoint(this.state, fingerprintOf(this.options));
    await store?.writeAtomically(checkpointPath, bytes);
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
