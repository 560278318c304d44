/** What is asked of a run of a program on a device. */
import type { ProgramParameter, ProgramResult } from '../artifact/program.ts';

/** A parameter or a result of a program. */
export type Form = Pick<ProgramParameter | ProgramResult, 'name' | 'dtype' | 'shape' | 'tensor'>;

/** What a run does around its dispatches. */
export interface RunRequest {
  /** Recorded before the dispatches. */
  readonly before?: (encoder: GPUCommandEncoder) => void;
  /** Recorded once everything else is. */
  readonly after?: (encoder: GPUCommandEncoder) => void;
  /** Results, and parameters as they are after the dispatches but before `after`. */
  readonly wanted: readonly Form[];
}
