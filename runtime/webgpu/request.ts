/** What is asked of a program on a device: once for all of its runs, and for each run. */
import type { Form } from './readback.ts';
import type { Profile } from './profile.ts';

export interface RunOptions {
  /** How long any answer of the device may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Looks after each dispatch for numbers that are NaN or infinite; slow. */
  readonly checkNan: boolean;
  /** Where the times of kernels are added up, if anyone asked. */
  readonly profile: Profile | undefined;
}

/** What a run does around its dispatches. */
export interface RunRequest {
  /** Recorded before the dispatches. */
  readonly before?: (encoder: GPUCommandEncoder) => void;
  /** Recorded once everything else is. */
  readonly after?: (encoder: GPUCommandEncoder) => void;
  /** Results, and parameters as they are after the dispatches but before `after`. */
  readonly wanted: readonly Form[];
}
