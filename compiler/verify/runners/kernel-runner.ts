/**
 * Kernels as plain JS: no emitter takes part, so what is wrong here is the schedule's. Memory is
 * poisoned and every access checked. Workgroups run in turn from the first to the last and from the
 * last to the first, so that two runs of equal bits also say that their order does not matter.
 */
import type { Executable } from '../../../runtime/artifact/executable.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';
import type { DeviceKind, ScheduleMode } from '../../5-schedule/forms.ts';
import { kernelProgram } from '../../pipeline.ts';
import type { GraphRunner } from '../runner.ts';
import { CompiledGraphs, programOptions } from './compiled-graphs.ts';
import { keptSteps } from './kept-steps.ts';

export interface KernelRunnerOptions {
  /** Whom the kernels are written for. */
  readonly device: DeviceKind;
  readonly schedule?: ScheduleMode;
}

/** Faults of a kernel are Errors that name it. */
export function kernelRunner({ device, schedule = 'auto' }: KernelRunnerOptions): GraphRunner {
  const graphs = new CompiledGraphs((job, untold) => {
    // Where each run changes the weights, nothing of them is good for the next.
    const prepare = device === 'simd' && job.feeds === undefined;
    const options = { ...programOptions(job), device, schedule, prepare };
    const program = kernelProgram(job.graph, options);
    const [onward, backward] = [false, true].map(
      (order) => new KernelInterpreter(program, untold, { poison: true, backward: order }),
    );
    return Promise.resolve(inTurn([onward, backward].flatMap((one) => one ?? [])));
  });
  return {
    name: `kernels ${device}`,
    use: 'kernels',
    run: async (job) => (await graphs.of(job)).run(job.inputs),
    runSteps: async (job) =>
      keptSteps(await graphs.of(job), { ...job, results: job.graph.results }),
    close: () => graphs.close(),
  };
}

function inTurn(executables: readonly KernelInterpreter[]): Executable {
  let runs = 0;
  const next = (): KernelInterpreter => {
    const one = executables[runs++ % executables.length];
    if (one === undefined) throw new Error('there is nothing to run');
    return one;
  };
  return {
    run: (inputs) => next().run(inputs),
    keep: (feeds) => next().keep(feeds),
  };
}
