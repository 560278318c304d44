/** What the command and a worker that computes for it say to each other. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { WasmForm } from '../../../runtime/wasm/features.ts';
import type { DeviceKind } from '../../5-schedule/forms.ts';
import type { Bindings } from '../../graph/dim.ts';
import type { ModelInput } from '../../graph/model.ts';
import type { Arrays } from '../../verify/arrays.ts';

/** Which runner: it is made anew in the worker. */
export type RunnerKind =
  | { readonly kind: 'interpreter'; readonly precision: 'f64' | 'f32' }
  | { readonly kind: 'kernels'; readonly device: DeviceKind }
  | { readonly kind: 'javascript' }
  | { readonly kind: 'wasm'; readonly form: WasmForm; readonly threads: number };

export type ToWorker =
  /** Graphs go as text, once; a graph of objects that refer to each other would be copied apart. */
  | { readonly kind: 'graph'; readonly graph: number; readonly text: string }
  | {
      readonly kind: 'run';
      readonly job: number;
      readonly runner: RunnerKind;
      readonly graph: number;
      readonly ids: readonly ModelInput[];
      readonly inputs: Arrays;
      readonly bindings: Bindings;
      readonly feeds?: ReadonlyMap<string, string>;
      /** Asks for steps in a row. */
      readonly later?: readonly Arrays[];
    };

export type FromWorker =
  | { readonly job: number; readonly results: ReadonlyMap<string, NdArray> }
  | { readonly job: number; readonly fault: WorkerFault };

/** A RuntimeFault where there is a code. */
export interface WorkerFault {
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
}
