/** What a contestant is to the process that times it. */
import type { Arrays } from '../workloads/blocks.ts';
import type { Sizes, Workload } from '../workloads/workloads.ts';

export interface Task {
  readonly workload: Workload;
  readonly sizes: Sizes;
  readonly threads: number;
  /** As drawArrays gives them. */
  readonly arrays: Arrays;
}

/**
 * One call of the workload, from numbers in JavaScript to numbers in JavaScript: the states of the
 * last layer [B, width] of a stream, which carries its states from call to call and takes its
 * inputs in turn; `y` [B, T, classes] of whole sequences; the loss [1] of a training step.
 */
export type Call = () => Result | Promise<Result>;

export type Result = ArrayLike<number>;

export interface Opened {
  /** What computes, in which version. */
  readonly about: string;
  readonly call: Call;
}

/** Sets a task up. An Error where it cannot. */
export type Peer = (task: Task) => Promise<Opened>;
