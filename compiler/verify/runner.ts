/**
 * What computes a graph, whatever it is: an interpreter, kernels as plain JS, compiled code, a GPU.
 * Named arrays in, named arrays out. A runner compiles a graph once and keeps what it made of it,
 * so that many jobs on one graph, of any batch and time, are cheap.
 */
import type { Bindings } from '../graph/dim.ts';
import type { Model } from '../graph/model.ts';
import type { Graph } from '../graph/types.ts';
import type { GraphUse } from '../pipeline.ts';
import type { Arrays } from './arrays.ts';

export interface GraphRunner {
  /** `wasm relaxed`, `wasm simd, 2 threads`, `javascript`, `webgpu steps`, `kernels simd`. */
  readonly name: string;
  /** Whom its graphs are for. */
  readonly use: GraphUse;
  /** Results by name. Faults are the runtime's. */
  run(job: GraphJob): Promise<Arrays>;
  /**
   * Steps in a row on parameters that stay where the program runs, the next one begun before the
   * last one's numbers are back, as training has it. Gives the results that nothing is fed after
   * each step, and those that are fed after the last one, under `stepResult`. Absent where nothing
   * can stay.
   */
  runSteps?(job: StepsJob): Promise<Arrays>;
  /** Frees what it holds and ends what runs, if it can be ended; no job may follow. */
  close?(): void;
}

/** The runners that judge: interpreters, one of each precision. */
export interface Oracle {
  readonly f64: GraphRunner;
  readonly f32: GraphRunner;
}

export interface GraphJob {
  /** Of the model the graph is of; it says what ids inputs may hold. */
  readonly model: Pick<Model, 'inputs'>;
  /** Made for the runner's `use`. */
  readonly graph: Graph;
  readonly inputs: Arrays;
  /** Values of all symbols, those that inputs determine among them. */
  readonly bindings: Bindings;
  /** Results that are a parameter's next value, by parameter: they may come to lie in its place. */
  readonly feeds?: ReadonlyMap<string, string>;
}

export interface StepsJob extends GraphJob {
  /** Parameters of the steps after the first that are not fed. */
  readonly later: readonly Arrays[];
}

/** The name of a result after step `k`, from 1. */
export function stepResult(k: number, name: string): string {
  return `step ${k}: ${name}`;
}
