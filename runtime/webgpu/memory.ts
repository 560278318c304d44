/**
 * Memory of a run on a device: the two arenas, the uniform memory, and the bind group that all of
 * its dispatches share. Too much of it is refused before anything is allocated.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import type { MemoryType } from '../artifact/kernel.ts';
import { stepBytes } from '../artifact/records.ts';
import type { DeviceContext } from './context.ts';
import { outOfMemoryFault, tooLargeFault } from './faults.ts';
import { catchErrors } from './error-scopes.ts';
import { copySource, copyTarget, storage, uniform } from './flags.ts';
import type { Dispatched, Records } from './records.ts';

/** Elements of each arena. */
export type ArenaSizes = Readonly<Record<MemoryType, number>>;

/** Where numbers lie, in elements. */
export interface Place {
  readonly element: MemoryType;
  readonly offset: number;
  readonly length: number;
}

export interface DeviceMemory {
  readonly arenas: Readonly<Record<MemoryType, GPUBuffer>>;
  readonly group: GPUBindGroup;
  readonly dispatches: readonly Dispatched[];
  readonly offsets: Records['offsets'];
  /** Of both arenas. */
  readonly bytes: number;
  /** What was wrong with the allocation, which the device says later: T6401. */
  readonly failure: Promise<RuntimeFault | undefined>;
  /** Copies the numbers as they are now. */
  write(place: Place, numbers: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): void;
  /** What was submitted before still runs to its end. */
  destroy(): void;
}

/** Faults: T6401 for an arena that is larger than the device allows. Costs nothing. */
export function checkLimits(name: string, sizes: ArenaSizes, limits: GPUSupportedLimits): void {
  const bytes = arenaBytes(sizes);
  const limit = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const largest = Math.max(bytes.f32, bytes.i32);
  if (largest > limit) throw tooLargeFault(name, largest, limit);
}

/** Within the limits, see `checkLimits`. */
export function allocate(
  { device, bindings }: DeviceContext,
  name: string,
  sizes: ArenaSizes,
  dispatches: readonly Dispatched[],
  { uniforms, recordBytes, offsets }: Records,
): DeviceMemory {
  const { queue } = device;
  const bytes = arenaBytes(sizes);
  const create = (label: string, size: number, usage: number): GPUBuffer =>
    device.createBuffer({ label: `${name}: ${label}`, size, usage: usage | copyTarget });
  const { value, error } = catchErrors(device, () => {
    const f32 = create('floats', bytes.f32, storage | copySource);
    const i32 = create('ints', bytes.i32, storage | copySource);
    const records = create('records', uniforms.byteLength, uniform);
    queue.writeBuffer(records, 0, uniforms);
    const resources = [
      { buffer: records, size: recordBytes },
      { buffer: records, size: stepBytes },
      { buffer: f32 },
      { buffer: i32 },
    ];
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    const group = device.createBindGroup({ label: name, layout: bindings, entries });
    return { arenas: { f32, i32 }, records, group };
  });
  const { arenas, records, group } = value;
  const total = bytes.f32 + bytes.i32;
  return {
    ...{ arenas, group, dispatches, offsets, bytes: total },
    failure: error.then(
      (found) =>
        found && outOfMemoryFault(name, total, found.kind === 'out-of-memory' ? '' : found.message),
    ),
    write({ element, offset }, numbers) {
      queue.writeBuffer(arenas[element], 4 * offset, numbers);
    },
    destroy() {
      for (const buffer of [arenas.f32, arenas.i32, records]) buffer.destroy();
    },
  };
}

/** From elements. An arena of f32 is read as vectors of four too. A binding of no bytes is none. */
function arenaBytes({ f32, i32 }: ArenaSizes): Record<MemoryType, number> {
  return { f32: Math.max(16, 16 * Math.ceil(f32 / 4)), i32: Math.max(4, 4 * i32) };
}
