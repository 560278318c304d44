/**
 * A program made ready for one binding of its symbols: its layout, and the uniform memory that its
 * dispatches read. A dispatch's record holds where its buffers begin and the values of its sizes;
 * a step's record is the step. Records lie at multiples of the device's alignment, and those that
 * are equal are one.
 */
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { layOut, type ConcreteDispatch, type Layout } from '../session/layout.ts';
import { refusedFault } from './faults.ts';
import { known } from '../session/known.ts';
import { dispatchPlace } from './places.ts';

export interface Plan {
  readonly bindings: Bindings;
  readonly layout: Layout;
  /** All of uniform memory. */
  readonly uniforms: Uint32Array<ArrayBuffer>;
  /** Bytes of the largest record. */
  readonly recordBytes: number;
  /** By dispatch, in bytes: where its record and where that of its step begin. */
  readonly offsets: Uint32Array<ArrayBuffer>;
}

/** Faults: T6404 for a dispatch of more workgroups than the device takes. */
export function makePlan(program: Program, bindings: Bindings, limits: GPUSupportedLimits): Plan {
  const layout = layOut(program, bindings);
  const records = new RecordTable(limits.minUniformBufferOffsetAlignment / 4);
  const offsets = new Uint32Array(2 * layout.dispatches.length);
  layout.dispatches.forEach((dispatch, i) => {
    checkGroups(program, dispatch, limits.maxComputeWorkgroupsPerDimension);
    offsets[2 * i] = records.add(recordOf(dispatch, layout));
    offsets[2 * i + 1] = records.add([dispatch.step]);
  });
  const recordBytes = Math.max(stepBytes, ...program.kernels.map(recordBytesOf));
  return { bindings, layout, uniforms: records.finish(recordBytes), recordBytes, offsets };
}

export const stepBytes = 16;

/** As kernels declare it: `array<vec4<u32>, N>`. */
function recordBytesOf({ buffers, sizes }: Program['kernels'][number]): number {
  return 16 * Math.max(1, Math.ceil((buffers.length + sizes.length) / 4));
}

function recordOf({ tensors, sizes }: ConcreteDispatch, layout: Layout): readonly number[] {
  const starts = tensors.map((tensor) => known(layout.offsets[tensor], `tensor ${tensor}`));
  return [...starts, ...sizes];
}

function checkGroups(program: Program, dispatch: ConcreteDispatch, most: number): void {
  if (dispatch.groups.every((count) => count <= most)) return;
  throw refusedFault(
    dispatchPlace(program, dispatch),
    `it takes [${dispatch.groups.join(', ')}] workgroups, and at most ${most} go along an axis`,
    'use a smaller batch or shorter sequences',
  );
}

class RecordTable {
  /** Words between the starts of two records. */
  private readonly alignment: number;
  private readonly places = new Map<string, number>();
  private readonly records: { readonly at: number; readonly words: readonly number[] }[] = [];
  private end = 0;

  constructor(alignment: number) {
    this.alignment = alignment;
  }

  /** Where it begins, in bytes. */
  add(words: readonly number[]): number {
    const key = words.join();
    const place = this.places.get(key);
    if (place !== undefined) return place;
    const at = this.end;
    this.records.push({ at, words });
    this.places.set(key, 4 * at);
    this.end += Math.max(1, Math.ceil(words.length / this.alignment)) * this.alignment;
    return 4 * at;
  }

  /** A binding begins at any record and is as large as the largest. */
  finish(recordBytes: number): Uint32Array<ArrayBuffer> {
    const memory = new Uint32Array(this.end + recordBytes / 4);
    for (const { at, words } of this.records) memory.set(words, at);
    return memory;
  }
}
