/** Programs on a GPU, with loops over time as a dispatch a step or as one kernel. */
import { WebgpuExecutable } from '../../../runtime/webgpu/webgpu-executable.ts';
import type { DeviceKind, ScheduleMode } from '../../5-schedule/forms.ts';
import { idRanges, shaderProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs } from './compiled-graphs.ts';

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
  const graphs = new CompiledGraphs(({ graph, model }, bindings) => {
    const compiled = shaderProgram(graph, { schedule, device: kind, ids: idRanges(model) });
    return WebgpuExecutable.create({ ...compiled, device, bindings, timeoutMs });
  });
  return {
    name: `webgpu ${schedule}`,
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    close: () => graphs.close(),
  };
}
