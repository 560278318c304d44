/** What every backend offers to a driver: a program that maps named arrays to named arrays. */
import type { NdArray } from './nd-array.ts';

export interface Executable {
  /**
   * Inputs by parameter name. A missing, extra or mis-shaped one is a RuntimeFault that names it.
   * Results are fresh arrays that the caller owns.
   */
  run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>>;
  /**
   * For programs that are run again and again, each time on what they left: keeps parameters where
   * the program runs. `feeds` says which result becomes the next value of which parameter, by
   * parameter name; a parameter that feeds itself stays as it is. Absent where keeping saves
   * nothing.
   */
  keep?(feeds: ReadonlyMap<string, string>): Promise<KeptState>;
  /** Frees what the program holds on a device; it cannot be run afterwards. */
  close?(): void;
}

/** Parameters that stay where the program runs, from one run to the next. */
export interface KeptState {
  /** Gives kept parameters their values; all of them before the first run. Copies. */
  write(arrays: ReadonlyMap<string, NdArray>): void;
  /**
   * Runs on the kept parameters and these inputs, and replaces the kept ones by the results that
   * feed them. Gives the results that are named in `wanted`, once they are there; a further run may
   * begin before that. Runs take effect in the order in which they were called.
   */
  run(
    inputs: ReadonlyMap<string, NdArray>,
    wanted: readonly string[],
  ): Promise<ReadonlyMap<string, NdArray>>;
  /** The values of kept parameters after all runs so far. */
  read(): Promise<ReadonlyMap<string, NdArray>>;
  close(): void;
}

/** A fault of the input or the machine, not of the program; shown to the user as it stands. */
export class RuntimeFault extends Error {
  override readonly name = 'RuntimeFault';
  /** `R7…` as in specs/diagnostics. */
  declare readonly code: string;
  declare readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
