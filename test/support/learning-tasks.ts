/**
 * Synthetic tasks that need a long memory, drawn without end from a seed: every step has a batch
 * that the model has never seen. And a harness that trains a spec on them in this process.
 */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import type { Batch, BatchSource } from '../../runtime/train/batches.ts';
import { evaluate, type Evaluation } from '../../runtime/train/evaluate.ts';
import { train } from '../../runtime/train/loop.ts';
import { RandomStream } from '../../runtime/train/random.ts';
import {
  lossExecutable,
  trainingExecutable,
  trainingProgram,
} from '../../compiler/cli/training/program.ts';
import { runSettings } from '../../compiler/cli/training/settings.ts';
import { initialised } from '../../compiler/cli/weights.ts';
import type { Model } from '../../compiler/graph/model.ts';
import { compile } from '../../compiler/pipeline.ts';

export interface Task {
  readonly training: BatchSource;
  /** Other draws, the same every time. */
  readonly held: BatchSource;
}

export interface TaskSize {
  readonly time: number;
  readonly batch: number;
  readonly seed: number;
}

/**
 * Hochreiter & Schmidhuber 1997: a number and a mark at each time step; one step of each half is
 * marked, and the target is the sum of the two marked numbers.
 */
export function addingTask(size: TaskSize): Task {
  return taskOf(size, (random) => {
    const { time, batch } = size;
    const x = new Float64Array(batch * time * 2);
    const total = new Float64Array(batch);
    const half = Math.floor(time / 2);
    for (let row = 0; row < batch; row++) {
      for (let step = 0; step < time; step++) x[2 * (row * time + step)] = random.uniform();
      for (const step of [random.below(half), half + random.below(time - half)]) {
        const at = 2 * (row * time + step);
        x[at + 1] = 1;
        total[row] = (total[row] ?? 0) + (x[at] ?? 0);
      }
    }
    return [
      ['x', { dtype: 'float', shape: [batch, time, 2], data: x }],
      ['total', { dtype: 'float', shape: [batch, 1], data: total }],
    ];
  });
}

export interface CopySize extends TaskSize {
  /** Blank, signal, and the symbols to remember. */
  readonly symbols: number;
  readonly shown: number;
  readonly delay: number;
}

/**
 * Arjovsky et al. 2016: some symbols are shown, then blanks for `delay` steps, a signal, and blanks
 * in which the symbols are to be said again. Symbol 0 is the blank, 1 the signal; only what is to
 * be said again counts (the rest has the class -1).
 */
export function copyTask(size: CopySize): Task {
  return taskOf(size, (random) => {
    const { batch, symbols, shown, delay, time } = size;
    const seen = new Int32Array(batch * time);
    const said = new Int32Array(batch * time).fill(-1);
    const signal = shown + delay;
    for (let row = 0; row < batch; row++) {
      for (let i = 0; i < shown; i++) {
        const symbol = 2 + random.below(symbols - 2);
        seen[row * time + i] = symbol;
        said[row * time + signal + i] = symbol;
      }
      seen[row * time + signal] = 1;
    }
    return [
      ['seen', { dtype: 'int', shape: [batch, time], data: seen }],
      ['said', { dtype: 'int', shape: [batch, time], data: said }],
    ];
  });
}

function taskOf(
  { time, batch, seed }: TaskSize,
  draw: (random: RandomStream) => [string, NdArray][],
): Task {
  const lengths: NdArray = { dtype: 'int', shape: [batch], data: new Int32Array(batch).fill(time) };
  const at = (site: number, index: number): Batch => ({
    inputs: new Map([...draw(new RandomStream(seed, index, site)), ['lengths', lengths]]),
    rows: batch,
    tokens: batch * time,
    fresh: true,
  });
  return {
    training: { carries: false, count: () => 1e9, batch: (_epoch, index) => at(1, index) },
    held: { carries: false, count: () => 10, batch: (_epoch, index) => at(2, index) },
  };
}

export interface LearnOptions {
  /** Most updates. */
  readonly steps: number;
  readonly seed: number;
  /** Enough: training ends once the mean of the last 50 losses is below it. */
  readonly until?: number;
}

export interface Learned extends Evaluation {
  readonly steps: number;
}

/** Loss and metrics on held-out draws after training by the spec's own settings, in f32. */
export async function learn(spec: string, task: Task, options: LearnOptions): Promise<Learned> {
  const [training, inference] = [compiled(spec, 'training'), compiled(spec, 'inference')];
  const engine = { backend: 'interpreter', dtype: 'f32' } as const;
  const none = new Map<string, number>();
  const settings = runSettings([training.training.settings]);
  const program = trainingProgram(training, none, 'f32');
  const weights = await initialised(training, options.seed, none);
  const enough = new AbortController();
  const recent: number[] = [];
  const result = await train({
    program,
    executable: await trainingExecutable(training, settings, engine, none, task.training.carries),
    training: task.training,
    weights: () => weights,
    steps: options.steps,
    seed: options.seed,
    signal: enough.signal,
    onProgress: ({ loss }) => {
      recent.push(loss);
      const mean = recent.slice(-50).reduce((sum, l) => sum + l, 0) / 50;
      if (recent.length >= 50 && mean < (options.until ?? 0)) enough.abort();
    },
  });
  const loss = await lossExecutable(inference, engine, none);
  const found = await evaluate(loss, program, result.weights, task.held);
  if (found === undefined) throw new Error('the evaluation was stopped');
  return { ...found, steps: result.step };
}

function compiled(spec: string, mode: 'training' | 'inference'): Model {
  const { model, diagnostics } = compile({ name: 'spec.gate', text: spec }, { mode });
  if (model === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return model;
}
