/**
 * A plan's memory on a device: the two arenas, the uniform memory, and the bind group that all of
 * its dispatches share. Too much of it is refused before anything is allocated.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import type { MemoryType } from '../artifact/kernel.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import { evaluateSize, type Bindings } from '../artifact/size.ts';
import type { DeviceContext } from './context.ts';
import { outOfMemoryFault, tooLargeFault } from './faults.ts';
import { catchErrors, type DeviceError } from './error-scopes.ts';
import { bufferUsage } from './flags.ts';
import { known } from '../session/known.ts';
import { stepBytes, type Plan } from './plan.ts';

export class DeviceMemory {
  readonly plan: Plan;
  readonly arenas: Readonly<Record<MemoryType, GPUBuffer>>;
  readonly group: GPUBindGroup;
  /** Of both arenas. */
  readonly bytes: number;
  /** What was wrong with the allocation, which the device says later. */
  readonly failure: Promise<DeviceError | undefined>;
  private readonly program: Program;
  private readonly queue: GPUQueue;
  private readonly uniforms: GPUBuffer;

  /** Within the limits, see `checkLimits`. */
  constructor(context: DeviceContext, program: Program, plan: Plan) {
    const { device } = context;
    const bytes = arenaBytes(plan.layout.memory);
    const { value, error } = catchErrors(device, () => allocate(context, program, plan, bytes));
    this.plan = plan;
    this.program = program;
    this.queue = device.queue;
    this.arenas = value.arenas;
    this.uniforms = value.uniforms;
    this.group = value.group;
    this.bytes = bytes.f32 + bytes.i32;
    this.failure = error;
  }

  /** What such a failure is to a person: T6401. */
  faultOf({ kind, message }: DeviceError): RuntimeFault {
    return outOfMemoryFault(this.program.name, this.bytes, kind === 'out-of-memory' ? '' : message);
  }

  /** Where a tensor lies, in bytes. */
  place(tensor: number): TensorPlace {
    const { element } = known(this.program.tensors[tensor], `tensor ${tensor}`);
    const { offsets, lengths } = this.plan.layout;
    const offset = 4 * known(offsets[tensor], `offset of tensor ${tensor}`);
    const bytes = 4 * known(lengths[tensor], `length of tensor ${tensor}`);
    return { element, buffer: this.arenas[element], offset, bytes };
  }

  /** Copies the numbers as they are now. */
  write(tensor: number, data: NdArray['data']): void {
    const { element, buffer, offset } = this.place(tensor);
    if (data.length === 0) return;
    const elements = element === 'f32' ? asFloats(data) : asInts(data);
    this.queue.writeBuffer(buffer, offset, elements);
  }

  /** What was submitted before still runs to its end. */
  destroy(): void {
    for (const buffer of [this.arenas.f32, this.arenas.i32, this.uniforms]) buffer.destroy();
  }
}

export interface TensorPlace {
  readonly element: MemoryType;
  readonly buffer: GPUBuffer;
  /** In bytes, as is the length. */
  readonly offset: number;
  readonly bytes: number;
}

/** Faults: T6401 for an arena that is larger than the device allows. Costs nothing. */
export function checkLimits(
  { name, memory }: Program,
  bindings: Bindings,
  limits: GPUSupportedLimits,
): void {
  const bytes = arenaBytes({
    f32: evaluateSize(memory.f32, bindings),
    i32: evaluateSize(memory.i32, bindings),
  });
  const limit = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  const largest = Math.max(bytes.f32, bytes.i32);
  if (largest > limit) throw tooLargeFault(name, largest, limit);
}

/** From elements. An arena of f32 is read as vectors of four too. A binding of no bytes is none. */
function arenaBytes({
  f32,
  i32,
}: Readonly<Record<MemoryType, number>>): Record<MemoryType, number> {
  return { f32: Math.max(16, 16 * Math.ceil(f32 / 4)), i32: Math.max(4, 4 * i32) };
}

function allocate(
  { device, bindings }: DeviceContext,
  { name }: Program,
  plan: Plan,
  bytes: Record<MemoryType, number>,
): Pick<DeviceMemory, 'arenas' | 'group'> & { readonly uniforms: GPUBuffer } {
  const { storage, copySource, copyTarget, uniform } = bufferUsage;
  const create = (label: string, size: number, usage: number): GPUBuffer =>
    device.createBuffer({ label: `${name}: ${label}`, size, usage: usage | copyTarget });
  const arenas = {
    f32: create('floats', bytes.f32, storage | copySource),
    i32: create('ints', bytes.i32, storage | copySource),
  };
  const uniforms = create('records', plan.uniforms.byteLength, uniform);
  device.queue.writeBuffer(uniforms, 0, plan.uniforms);
  const resources = [
    { buffer: uniforms, size: plan.recordBytes },
    { buffer: uniforms, size: stepBytes },
    { buffer: arenas.f32 },
    { buffer: arenas.i32 },
  ];
  const group = device.createBindGroup({
    label: name,
    layout: bindings,
    entries: resources.map((resource, binding) => ({ binding, resource })),
  });
  return { arenas, uniforms, group };
}

/** A copy only where it is needed. Memory that threads share is no source of a copy to a device. */
function asFloats(data: NdArray['data']): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = data;
  if (!(data instanceof Float32Array && buffer instanceof ArrayBuffer)) {
    return Float32Array.from(data);
  }
  return new Float32Array(buffer, byteOffset, length);
}

function asInts(data: NdArray['data']): Int32Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = data;
  if (!(data instanceof Int32Array && buffer instanceof ArrayBuffer)) return Int32Array.from(data);
  return new Int32Array(buffer, byteOffset, length);
}
