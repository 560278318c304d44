/** What every backend offers to a driver: a program that maps named arrays to named arrays. */
import type { NdArray } from './nd-array.ts';

export interface Executable {
  /**
   * Inputs by parameter name. A missing, extra or mis-shaped one is a RuntimeFault that names it.
   * Results are fresh arrays that the caller owns.
   */
  run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>>;
}

/** A fault of the input or the machine, not of the program; shown to the user as it stands. */
export class RuntimeFault extends Error {
  override readonly name = 'RuntimeFault';
  /** `R7…` as in specs/diagnostics. */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
