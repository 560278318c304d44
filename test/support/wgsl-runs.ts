/**
 * Runs one dispatch of one kernel, printed as WGSL, on memory of its own. The tensors lie apart
 * from each other in their arenas, so that a store outside of one shows.
 */
import { compactWgsl } from '../../compiler/6-emit/wgsl/compact.ts';
import { kernelWgsl } from '../../compiler/6-emit/wgsl/emit.ts';
import type { Kernel, KernelFunction } from '../../runtime/artifact/kernel.ts';
import * as flags from '../../runtime/webgpu/flags.ts';

export type Elements = Float32Array | Int32Array;

export interface WgslRun {
  readonly kernel: Kernel;
  readonly functions?: readonly KernelFunction[];
  /** What the kernel's buffers hold before, by position. */
  readonly tensors: readonly Elements[];
  readonly sizes?: readonly number[];
  readonly step?: number;
  readonly groups?: readonly [number, number, number];
  /** Printed in few letters. */
  readonly compact?: boolean;
}

/** What the buffers hold afterwards. Whatever the device finds wrong is thrown, with the text. */
export async function runWgsl(device: GPUDevice, run: WgslRun): Promise<readonly Elements[]> {
  const shader = shaderOf(run);
  const { code } = shader;
  const { offsets, floats, ints } = layOut(run.tensors);
  const record = Uint32Array.from([...offsets, ...(run.sizes ?? [])]);
  device.pushErrorScope('validation');
  const { uniform, storage } = flags;
  const buffers = [
    filled(device, record, uniform),
    filled(device, Uint32Array.of(run.step ?? 0, 0, 0, 0), uniform),
    filled(device, floats, storage),
    filled(device, ints, storage),
  ];
  const encoder = device.createCommandEncoder();
  encodeDispatch(device, encoder, shader, buffers, run.groups ?? [1, 1, 1]);
  const copies = buffers.slice(2).map((buffer) => copied(device, encoder, buffer));
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  if (error !== null) throw new Error(`${error.message}\n${code}`);
  const [f32 = new ArrayBuffer(), i32 = new ArrayBuffer()] = await Promise.all(copies.map(read));
  for (const buffer of [...buffers, ...copies]) buffer.destroy();
  const arenas = { floats: new Float32Array(f32), ints: new Int32Array(i32) };
  return takeApart(run.tensors, offsets, arenas, code);
}

interface Shader {
  readonly code: string;
  readonly entry: string;
}

function shaderOf({ kernel, functions = [], compact = false }: WgslRun): Shader {
  if (!compact) return { code: kernelWgsl(kernel, functions), entry: 'main' };
  const { code, entries } = compactWgsl({ kernels: [kernel], functions });
  return { code, entry: entries[0] ?? '' };
}

/** Messages of the shader compiler about a text; none where it takes it. */
export async function complaints(device: GPUDevice, code: string): Promise<readonly string[]> {
  device.pushErrorScope('validation');
  const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
  await device.popErrorScope();
  return messages.map(({ type, lineNum, message }) => `${type} in line ${lineNum}: ${message}`);
}

/** Between tensors, where nothing may be stored. */
const gap = 8;
const untouched = 12345;

interface Arenas {
  readonly floats: Float32Array<ArrayBuffer>;
  readonly ints: Int32Array<ArrayBuffer>;
}

function layOut(tensors: readonly Elements[]): Arenas & { readonly offsets: readonly number[] } {
  const ends = { floats: gap, ints: gap };
  const offsets = tensors.map((tensor) => {
    const arena = arenaOf(tensor);
    const offset = ends[arena];
    ends[arena] += 4 * Math.ceil(tensor.length / 4) + gap;
    return offset;
  });
  const floats = new Float32Array(ends.floats).fill(untouched);
  const ints = new Int32Array(ends.ints).fill(untouched);
  const arenas = { floats, ints };
  tensors.forEach((tensor, i) => arenas[arenaOf(tensor)].set(tensor, offsets[i]));
  return { offsets, floats, ints };
}

function takeApart(
  tensors: readonly Elements[],
  offsets: readonly number[],
  arenas: Arenas,
  code: string,
): readonly Elements[] {
  const found = tensors.map((tensor, i) => {
    const offset = offsets[i] ?? 0;
    const elements = arenas[arenaOf(tensor)].slice(offset, offset + tensor.length);
    arenas[arenaOf(tensor)].fill(untouched, offset, offset + tensor.length);
    return elements;
  });
  for (const arena of [arenas.floats, arenas.ints]) {
    const at = arena.findIndex((value) => value !== untouched);
    if (at !== -1) throw new Error(`a store outside of every tensor, at ${at}\n${code}`);
  }
  return found;
}

function arenaOf(tensor: Elements): 'floats' | 'ints' {
  return tensor instanceof Float32Array ? 'floats' : 'ints';
}

function filled(
  device: GPUDevice,
  data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
  usage: number,
): GPUBuffer {
  const { copySource, copyTarget } = flags;
  const size = Math.max(16, 16 * Math.ceil(data.byteLength / 16));
  const buffer = device.createBuffer({ size, usage: usage | copySource | copyTarget });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

function encodeDispatch(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  { code, entry }: Shader,
  buffers: readonly GPUBuffer[],
  groups: readonly [number, number, number],
): void {
  const visibility = flags.visibleToCompute;
  const layout = device.createBindGroupLayout({
    entries: buffers.map((_, binding) =>
      binding < 2
        ? { binding, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } }
        : { binding, visibility, buffer: { type: 'storage' } },
    ),
  });
  const pipeline = device.createComputePipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ code }), entryPoint: entry },
  });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries }), [0, 0]);
  pass.dispatchWorkgroups(...groups);
  pass.end();
}

function copied(device: GPUDevice, encoder: GPUCommandEncoder, from: GPUBuffer): GPUBuffer {
  const { mapRead, copyTarget } = flags;
  const copy = device.createBuffer({ size: from.size, usage: mapRead | copyTarget });
  encoder.copyBufferToBuffer(from, 0, copy, 0, from.size);
  return copy;
}

async function read(buffer: GPUBuffer): Promise<ArrayBuffer> {
  await buffer.mapAsync(flags.mapForReading);
  const bytes = buffer.getMappedRange().slice(0);
  buffer.unmap();
  return bytes;
}
