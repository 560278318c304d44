/** From the texts of a program's kernels to pipelines, all compiled at once. */
import type { Program } from '../artifact/program.ts';
import type { Shaders } from '../artifact/shaders.ts';
import type { SharedContext } from './shared-context.ts';
import { refusedFault } from './faults.ts';
import { known } from '../session/known.ts';
import { catchErrors, type DeviceError } from './error-scopes.ts';
import { kernelPlace } from './places.ts';

/**
 * By the kernel's position in the program, as the shaders are. Faults: T6404 for a shader that the
 * device refuses, naming the kernel, where it came from and the line; T6406, T6405.
 */
export async function compileKernels(
  context: SharedContext,
  program: Program,
  shaders: Shaders,
  milliseconds: number,
): Promise<readonly GPUComputePipeline[]> {
  const modules = new Map<string, Compiling>();
  const started = program.kernels.map(({ name }, position) => {
    const pipeline = pipelineOf(context, shaderOf(shaders, position, name), name, modules);
    // Whichever fails first is reported; the others may fail too.
    pipeline.catch(() => undefined);
    return { name, pipeline };
  });
  const pipelines: GPUComputePipeline[] = [];
  for (const [position, { name, pipeline }] of started.entries()) {
    try {
      const wait = context.watch.wait(pipeline, `the kernel ${name} to be compiled`, milliseconds);
      pipelines.push(await wait);
    } catch (error) {
      if (!(error instanceof ShaderRefused)) throw error;
      throw refusedFault(kernelPlace(program, position), error.message);
    }
  }
  return pipelines;
}

/** What the device says about a shader; whose shader it is differs from program to program. */
class ShaderRefused extends Error {}

interface Shader {
  readonly code: string;
  readonly entry: string;
}

function shaderOf(shaders: Shaders, position: number, name: string): Shader {
  const what = `shader of the kernel ${name}`;
  if (!('code' in shaders)) return { code: known(shaders[position], what), entry: 'main' };
  return { code: shaders.code, entry: known(shaders.entries[position], what) };
}

function pipelineOf(
  context: SharedContext,
  shader: Shader,
  name: string,
  modules: Map<string, Compiling>,
): Promise<GPUComputePipeline> {
  const { pipelines } = context;
  const key = `${shader.entry} ${shader.code}`;
  const present = pipelines.get(key);
  if (present !== undefined) return present;
  const pipeline = compile(context, shader, name, modules).catch((error: unknown) => {
    pipelines.delete(key);
    throw error;
  });
  pipelines.set(key, pipeline);
  return pipeline;
}

/** A text that the device has been given. */
interface Compiling {
  readonly module: GPUShaderModule;
  readonly error: Promise<DeviceError | undefined>;
}

async function compile(
  { device, pipelineLayout, watch }: SharedContext,
  { code, entry }: Shader,
  label: string,
  modules: Map<string, Compiling>,
): Promise<GPUComputePipeline> {
  const { module, error } = modules.get(code) ?? moduleOf(device, code, label);
  modules.set(code, { module, error });
  const compute = { module, entryPoint: entry };
  const pipeline = device.createComputePipelineAsync({ label, layout: pipelineLayout, compute });
  try {
    return await pipeline;
  } catch (failure) {
    if (watch.lost !== undefined) throw watch.lost;
    const found = await error;
    const line = await firstError(module, code);
    const reason = failure instanceof Error ? failure.message : '';
    throw new ShaderRefused(line ?? found?.message ?? reason);
  }
}

function moduleOf(device: GPUDevice, code: string, label: string): Compiling {
  const { value, error } = catchErrors(device, () => device.createShaderModule({ label, code }));
  return { module: value, error };
}

/** `line 12: unresolved value 'x' (let y = x;)`. */
async function firstError(module: GPUShaderModule, code: string): Promise<string | undefined> {
  const { messages } = await module.getCompilationInfo();
  const found = messages.find(({ type }) => type === 'error');
  if (found === undefined) return undefined;
  const line = code.split('\n')[found.lineNum - 1]?.trim() ?? '';
  return `line ${found.lineNum}: ${found.message} (${line})`;
}
