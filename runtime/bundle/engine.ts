/** What runs the program of a bundle, whatever it is: named numbers in, named numbers out. */

import type { Backend } from '../artifact/bundle.ts';

export type Numbers = Float32Array | Int32Array;

export type NamedNumbers = ReadonlyMap<string, Numbers>;

export interface Engine {
  readonly backend: Backend;
  /**
   * Values of the symbols, and every parameter that is no weight. Results are the caller's. Faults:
   * T6401 where memory does not suffice, T6404 to T6406 of a GPU.
   */
  run(sizes: readonly number[], inputs: NamedNumbers): Promise<NamedNumbers>;
  /** An engine that answers at once, where this one does not. Faults: R7804. */
  direct?(): Promise<DirectEngine>;
  close(): void;
}

/** An engine that answers at once. */
export interface DirectEngine extends Engine {
  /** As `run`; what it gives is good until the next run. */
  runNow(sizes: readonly number[], inputs: NamedNumbers): NamedNumbers;
}
