/** Programs on a GPU, with loops over time as a dispatch a step or as one kernel. */
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import type { DeviceKind, ScheduleMode } from '../../5-schedule/forms.ts';
import { shaderProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs, programOptions } from './compiled-graphs.ts';
import { keptSteps } from './kept-steps.ts';

declare global {
  /** For those who have no types of WebGPU, and read these declarations all the same. */
  interface GPUDevice {
    destroy(): undefined;
  }
}

export interface WebgpuRunnerOptions {
  readonly schedule: ScheduleMode;
  readonly device: GPUDevice;
  /** Whom the kernels are written for: `software` where the device computes on the processor. */
  readonly kind: DeviceKind;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Faults: those of `WebgpuExecutable`. The device is the caller's to destroy. */
export function webgpuRunner(options: WebgpuRunnerOptions): GraphRunner {
  const { schedule, device, kind, timeoutMs } = options;
  const graphs = new CompiledGraphs((job, bindings) => {
    const options = { ...programOptions(job), schedule, device: kind };
    const compiled = shaderProgram(job.graph, options);
    return WebgpuExecutable.create({ ...compiled, device, bindings, timeoutMs });
  });
  return {
    name: `webgpu ${schedule}`,
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    runSteps: async (job) =>
      keptSteps(await graphs.of(job), { ...job, results: job.graph.results }),
    close: () => graphs.close(),
  };
}
