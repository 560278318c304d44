/**
 * The uniform memory that the dispatches of a run read. A dispatch's record holds where its buffers
 * begin and the values of its sizes; a step's record is the step. Records lie at multiples of the
 * device's alignment, and those that are equal are one.
 */
export interface Dispatched {
  /** By position among the pipelines. */
  readonly kernel: number;
  readonly record: readonly number[];
  /** The time step; 0 where the dispatch has none. */
  readonly step: number;
  /** Workgroups along each axis, none of them 0. */
  readonly groups: readonly [number, number, number];
}

export interface Records {
  /** All of uniform memory. */
  readonly uniforms: Uint32Array<ArrayBuffer>;
  /** Bytes of the largest record. */
  readonly recordBytes: number;
  /** By dispatch, in bytes: where its record and where that of its step begin. */
  readonly offsets: Uint32Array<ArrayBuffer>;
}

/** `recordBytes` is that of the largest record as kernels declare it; the alignment is in bytes. */
export function recordsOf(
  dispatches: readonly Dispatched[],
  recordBytes: number,
  alignment: number,
): Records {
  const places = new Map<string, number>();
  const words: number[] = [];
  const add = (record: readonly number[]): number => {
    const key = record.join();
    const at = places.get(key) ?? 4 * words.length;
    if (!places.has(key)) {
      places.set(key, at);
      words.push(...record);
      words.length = (Math.ceil((4 * words.length) / alignment) * alignment) / 4;
    }
    return at;
  };
  const offsets = dispatches.flatMap(({ record, step }) => [add(record), add([step])]);
  // A binding begins at any record and is as large as the largest.
  const uniforms = new Uint32Array(words.length + recordBytes / 4);
  uniforms.set(words);
  return { uniforms, recordBytes, offsets: Uint32Array.from(offsets) };
}
