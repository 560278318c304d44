/**
 * Runs in the browser: a compiled model's programs on the WebGPU that is there, forward once and
 * then training steps on parameters that stay on the device. Arrays go in and out as JSON.
 */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { openDevice } from '../../../runtime/webgpu/device.ts';
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';

export interface JsonArray {
  readonly dtype: NdArray['dtype'];
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type JsonArrays = Readonly<Record<string, JsonArray>>;

interface Compiled {
  readonly program: Program;
  readonly shaders: readonly string[];
}

export interface ModelTask {
  readonly inference: Compiled & { readonly inputs: JsonArrays };
  readonly training: Compiled & {
    readonly feeds: Readonly<Record<string, string>>;
    readonly kept: JsonArrays;
    /** The other parameters of each step. */
    readonly steps: readonly JsonArrays[];
    readonly wanted: readonly string[];
  };
}

export interface ModelAnswer {
  readonly outputs: JsonArrays;
  /** What was wanted of each step. */
  readonly steps: readonly JsonArrays[];
}

export async function main({ inference, training }: ModelTask): Promise<ModelAnswer> {
  const adapter = await gpuOfHost().requestAdapter();
  if (adapter === null) throw new Error('no adapter');
  const device = await openDevice(adapter);
  const forward = await WebgpuExecutable.create({ ...inference, device });
  const outputs = await forward.run(fromJson(inference.inputs));
  forward.close();

  const stepping = await WebgpuExecutable.create({ ...training, device });
  const state = await stepping.keep(new Map(Object.entries(training.feeds)));
  state.write(fromJson(training.kept));
  const running = training.steps.map((inputs) => state.run(fromJson(inputs), training.wanted));
  const steps = await Promise.all(running);
  state.close();
  stepping.close();
  device.destroy();
  return { outputs: toJson(outputs), steps: steps.map(toJson) };
}

export function toJson(arrays: ReadonlyMap<string, NdArray>): JsonArrays {
  return Object.fromEntries([...arrays].map(([name, a]) => [name, { ...a, data: [...a.data] }]));
}

export function fromJson(arrays: JsonArrays): Map<string, NdArray> {
  return new Map(Object.entries(arrays).map(([name, array]) => [name, ndArray(array)]));
}

function ndArray({ dtype, shape, data }: JsonArray): NdArray {
  switch (dtype) {
    case 'float':
      return { dtype, shape, data: Float64Array.from(data) };
    case 'int':
      return { dtype, shape, data: Int32Array.from(data) };
    case 'bool':
      return { dtype, shape, data: Uint8Array.from(data) };
  }
  dtype satisfies never;
}

/** Checked here, since the types of Node do not know the navigator of a browser. */
function gpuOfHost(): GPU {
  const { navigator } = globalThis as { readonly navigator?: { readonly gpu?: GPU } };
  if (navigator?.gpu === undefined) throw new Error('no WebGPU here');
  return navigator.gpu;
}
