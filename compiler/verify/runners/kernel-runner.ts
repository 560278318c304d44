/**
 * Kernels as plain JS: no emitter takes part, so what is wrong here is the schedule's. Memory is
 * poisoned and every access checked. Workgroups run in turn from the first to the last and from the
 * last to the first, so that two runs of equal bits also say that their order does not matter.
 */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import type { DeviceKind, ScheduleMode } from '../../5-schedule/forms.ts';
import { idRanges, kernelProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs } from './compiled-graphs.ts';

export interface KernelRunnerOptions {
  /** Whom the kernels are written for. */
  readonly device: DeviceKind;
  readonly schedule?: ScheduleMode;
}

/** Faults of a kernel are Errors that name it. */
export function kernelRunner({ device, schedule = 'auto' }: KernelRunnerOptions): GraphRunner {
  const graphs = new CompiledGraphs(({ graph, model }, untold) => {
    const ids = idRanges(model);
    const program = kernelProgram(graph, { device, schedule, ids, prepare: device === 'simd' });
    const [onward, backward] = [false, true].map(
      (order) => new KernelInterpreter(program, untold, { poison: true, backward: order }),
    );
    return Promise.resolve(inTurn([onward, backward].flatMap((one) => one ?? [])));
  });
  return {
    name: `kernels ${device}`,
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    close: () => graphs.close(),
  };
}

function inTurn(executables: readonly Executable[]): Executable {
  let runs = 0;
  return {
    run: async (inputs) => {
      const next = executables[runs++ % executables.length];
      if (next === undefined) throw new Error('there is nothing to run');
      return next.run(inputs);
    },
  };
}
