/** What runs the program of a bundle, whatever it is: named numbers in, named numbers out. */

import type { Backend } from '../artifact/bundle.ts';

export type Numbers = Float32Array | Int32Array;

export interface Engine {
  readonly backend: Backend;
  /**
   * Values of the symbols, and every parameter that is no weight. Results are the caller's. Faults:
   * T6401 where memory does not suffice, T6404 to T6406 of a GPU.
   */
  run(sizes: readonly number[], inputs: ReadonlyMap<string, Numbers>): Promise<NamedNumbers>;
  close(): void;
}

export type NamedNumbers = ReadonlyMap<string, Numbers>;

/** An engine that answers at once. */
export interface DirectEngine extends Engine {
  runNow(sizes: readonly number[], inputs: ReadonlyMap<string, Numbers>): NamedNumbers;
}
