/**
 * Updates on their way. Weights, optimizer and carried states stay where the program runs, and with
 * a batch only what is new goes there. Numbers come back in the order of the steps; where the
 * program keeps its state itself, the next step may begin before those of the last one are back.
 */
import type { Executable, KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Batch } from './batches.ts';
import type { TrainArrays } from './checkpoint.ts';
import { keepState, needResult } from './keep.ts';
import {
  initialStates,
  outcomeResults,
  readOutcome,
  stepFeeds,
  stepInputs,
  type StepOutcome,
} from './step.ts';
import type { TrainingProgram } from '../artifact/training.ts';
import { optimizerNames } from './training-program.ts';

type Arrays = ReadonlyMap<string, NdArray>;

export interface StepDone {
  readonly batch: Batch;
  readonly outcome: StepOutcome;
}

interface Flight {
  readonly batch: Batch;
  readonly results: Promise<Arrays>;
}

const none: Arrays = new Map();

export class StepQueue {
  /** How many steps may stay on their way when a further one begins. */
  readonly ahead: number;
  private readonly program: TrainingProgram;
  private readonly carries: boolean;
  private readonly kept: KeptState;
  private readonly wanted: readonly string[];
  private readonly flights: Flight[] = [];
  /** States that the next batch may go on from; undefined where they are kept. */
  private carried: Arrays | undefined;

  private constructor(
    kept: KeptState,
    program: TrainingProgram,
    run: { readonly ahead: number; readonly carries: boolean; readonly carried: Arrays },
  ) {
    this.kept = kept;
    this.program = program;
    this.wanted = outcomeResults(program);
    this.ahead = run.ahead;
    this.carries = run.carries;
    this.carried = run.carried;
  }

  /** `carries` says whether batches go on from one another. Faults: those of the executable. */
  static async open(
    executable: Executable,
    program: TrainingProgram,
    carries: boolean,
    arrays: TrainArrays,
  ): Promise<StepQueue> {
    const kept = await keepState(executable, stepFeeds(program, carries));
    const ahead = executable.keep === undefined ? 0 : 1;
    const queue = new StepQueue(kept, program, { ahead, carries, carried: arrays.carried });
    kept.write(new Map([...arrays.weights, ...arrays.optimizer]));
    return queue;
  }

  /** Steps on their way. */
  get length(): number {
    return this.flights.length;
  }

  /** Begins an update. What goes wrong with it, `next` says. */
  submit(batch: Batch, key: { readonly seed: number; readonly step: number }): void {
    const results = this.begin(batch, key);
    // Handled by `next` or, where the run ends before, by nobody.
    results.catch(() => undefined);
    this.flights.push({ batch, results });
  }

  /** The outcome of the oldest step on its way; undefined where there is none. */
  async next(): Promise<StepDone | undefined> {
    const [flight] = this.flights;
    if (flight === undefined) return undefined;
    const results = await flight.results;
    this.flights.shift();
    return { batch: flight.batch, outcome: readOutcome(this.program, results) };
  }

  /** The next batch goes on from no other, whatever it says itself. */
  forgetStates(): void {
    this.carried = none;
  }

  /** Weights and states after all steps so far. */
  async read(): Promise<TrainArrays> {
    const { program } = this;
    const arrays = await this.kept.read();
    const pick = (names: readonly string[]): Arrays =>
      new Map(names.map((name) => [name, needResult(arrays, name)]));
    const states = this.carries ? program.states.map(({ initial }) => initial) : [];
    return {
      weights: pick(program.weights.map(({ name }) => name)),
      optimizer: pick(optimizerNames(program)),
      carried: this.carried ?? pick(states),
    };
  }

  /** Frees the state once nothing runs on it any more. */
  async close(): Promise<void> {
    await Promise.allSettled(this.flights.map(({ results }) => results));
    this.kept.close();
  }

  /** Async, so that even a fault at the call is that of this step and not of one before. */
  private async begin(
    batch: Batch,
    key: { readonly seed: number; readonly step: number },
  ): Promise<Arrays> {
    const { program } = this;
    const states = initialStates(program, this.carried ?? none, batch);
    if (!this.carries) {
      return this.kept.run(stepInputs(program, batch.inputs, states, key), this.wanted);
    }
    const starts = this.carried !== undefined || batch.fresh;
    const given = [...states].filter(([name]) => starts || batch.inputs.has(name));
    if (given.length > 0) this.kept.write(new Map(given));
    this.carried = undefined;
    const inputs = new Map([...batch.inputs].filter(([name]) => !states.has(name)));
    return this.kept.run(stepInputs(program, inputs, none, key), this.wanted);
  }
}
