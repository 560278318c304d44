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
  /** Frees what it holds and ends what runs, if it can be ended; no job may follow. */
  close?(): void;
}

export interface GraphJob {
  /** Of the model the graph is of; it says what ids inputs may hold. */
  readonly model: Pick<Model, 'inputs'>;
  /** Made for the runner's `use`. */
  readonly graph: Graph;
  readonly inputs: Arrays;
  /** Values of all symbols, those that inputs determine among them. */
  readonly bindings: Bindings;
}
