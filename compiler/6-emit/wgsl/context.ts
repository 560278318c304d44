/**
 * What the parts of the printer share while they print one kernel: how names are written, where its
 * memory lies, and what the text has referred to so far, which is what must be declared above it.
 */
import type { Names } from './names.ts';

/** The four bindings of the one bind group, `main`'s arguments, and the step as a local. */
export type Needed =
  'record' | 'moment' | 'floats' | 'ints' | 'workgroup_id' | 'invocation_id' | 'time_step';

/** A buffer within its arena, or an array of the kernel. */
export interface Place {
  /** What is indexed. */
  readonly array: string;
  /** For a buffer: where it begins, in units of what the array holds. */
  readonly base?: string;
  /** Whether `base` counts elements, whatever the array holds. */
  readonly isElementBase?: boolean;
  /** Whether the array holds f32x4 or single elements. */
  readonly holds: 'vectors' | 'elements';
  readonly space: 'buffer' | 'shared' | 'registers';
}

/** How things are written that the readable and the short text write differently. */
export interface Spelling {
  readonly place: (of: 'workgroup_id' | 'invocation_id', axis: 0 | 1 | 2) => string;
  readonly timeStep: string;
  /** A u32 that is 0, as a step is never negative. */
  readonly stepSign: string;
}

export interface Context {
  readonly names: Names;
  readonly spelling: Spelling;
  /** By the name of the buffer or array. */
  readonly places: ReadonlyMap<string, Place>;
  readonly needs: Set<Needed>;
  /** Sizes and buffers that the body reads or writes. */
  readonly usedSizes: Set<string>;
  readonly usedBuffers: Set<string>;
  /** Whether a barrier is one of buffers too. */
  readonly writesBuffers: boolean;
  /** Functions of the printer's own that the text calls, by name, in the order of first use. */
  readonly ownFunctions: Map<string, readonly string[]>;
}
