/** From the texts of a program's kernels to pipelines, all compiled at once. */
import type { Program } from '../artifact/program.ts';
import type { DeviceContext } from './context.ts';
import { refusedFault } from './faults.ts';
import { known } from '../session/known.ts';
import { catchErrors } from './error-scopes.ts';
import { kernelPlace } from './places.ts';

/**
 * By the kernel's position in the program, as the shaders are. Faults: T6404 for a shader that the
 * device refuses, naming the kernel, where it came from and the line; T6406, T6405.
 */
export async function compileKernels(
  context: DeviceContext,
  program: Program,
  shaders: readonly string[],
  milliseconds: number,
): Promise<readonly GPUComputePipeline[]> {
  const started = program.kernels.map(({ name }, position) => {
    const text = known(shaders[position], `shader of the kernel ${name}`);
    const pipeline = pipelineOf(context, text, name);
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

function pipelineOf(
  context: DeviceContext,
  text: string,
  name: string,
): Promise<GPUComputePipeline> {
  const { pipelines } = context;
  const present = pipelines.get(text);
  if (present !== undefined) return present;
  const pipeline = compile(context, text, name).catch((error: unknown) => {
    pipelines.delete(text);
    throw error;
  });
  pipelines.set(text, pipeline);
  return pipeline;
}

async function compile(
  { device, pipelineLayout, watch }: DeviceContext,
  code: string,
  label: string,
): Promise<GPUComputePipeline> {
  const { value: module, error } = catchErrors(device, () =>
    device.createShaderModule({ label, code }),
  );
  const compute = { module, entryPoint: 'main' };
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

/** `line 12: unresolved value 'x' (let y = x;)`. */
async function firstError(module: GPUShaderModule, code: string): Promise<string | undefined> {
  const { messages } = await module.getCompilationInfo();
  const found = messages.find(({ type }) => type === 'error');
  if (found === undefined) return undefined;
  const line = code.split('\n')[found.lineNum - 1]?.trim() ?? '';
  return `line ${found.lineNum}: ${found.message} (${line})`;
}
