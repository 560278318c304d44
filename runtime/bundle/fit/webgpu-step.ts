/** A training step on a GPU. */
import { RuntimeFault, type Executable } from '../../artifact/executable.ts';
import type { Program } from '../../artifact/program.ts';
import type { Shaders } from '../../artifact/shaders.ts';
import { WebgpuExecutable } from '../../webgpu/webgpu-executable.ts';
import { newDevice } from '../new-device.ts';

export interface WebgpuCode {
  /** Its kernels without their bodies. */
  readonly program: Program;
  readonly shaders: Shaders;
}

/** Undefined where there is no adapter, or the device does not take the program. */
export async function webgpuStep(code: WebgpuCode): Promise<Executable | undefined> {
  try {
    return await WebgpuExecutable.create({ ...code, requestDevice: newDevice });
  } catch (error) {
    if (error instanceof RuntimeFault) return undefined;
    throw error;
  }
}
