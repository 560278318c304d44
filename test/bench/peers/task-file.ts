/** What a contestant's process is told, and what it answers: plain data, for Python too. */
import type { Cell, Layer, Mode, Sizes, Workload } from '../workloads/workloads.ts';

export type PeerName =
  'gatework' | 'ort-node' | 'ort-web' | 'pytorch' | 'jax-js' | 'tfjs' | 'tfjs-tuned';

export interface TaskFile {
  readonly peer: PeerName;
  readonly workload: Workload;
  readonly sizes: Sizes;
  readonly threads: number;
  /** The safetensors file with weights and inputs, for those who cannot draw them. */
  readonly arrays: string;
  readonly mode: Mode;
  readonly cell: Cell;
  readonly layers: readonly Layer[];
  readonly inputs: number;
  readonly checkedCalls: number;
  readonly checkedRows: readonly number[];
  readonly rate: number;
  readonly clipNorm: number;
}

export type Answer = Ready | Sample | Failure;

export interface Ready {
  readonly about: string;
  /** From weights in memory to the first result. */
  readonly readyMs: number;
  /** Those of checked.ts. */
  readonly numbers: readonly number[];
}

export interface Sample {
  readonly ms: number;
}

export interface Failure {
  readonly failure: string;
}
