/**
 * A program as a WebAssembly module. It imports `env.memory`, and with `profile` the function
 * `env.mark(kernel)`, called after each dispatch. It exports `prepare` and `run`, both of i32: the
 * addresses in bytes of the arenas of f32 and of i32, and of memory for the arrays of kernels
 * (`scratchBytes` for each thread), all three multiples of 16; which thread this is and how many
 * there are; the address of an i32, 0 before each call, by which they wait for each other; whether
 * this one may sleep meanwhile; the values of the program's symbols. The host has seen to it that
 * all of it fits into memory, below 2 GiB.
 */
import type { Dispatch, Program } from '../../../runtime/artifact/program.ts';
import { barrierCode, barrierParameters } from './barrier.ts';
import { Functions } from './functions.ts';
import { kernelCode, kernelParameters, type Form } from './kernels.ts';
import { Module } from './module.ts';
import { stepsCode, stepsParameters } from './steps.ts';
import { printModule } from './text/print-module.ts';

export interface WasmOptions {
  /** With fused products and sums, with f32x4, or with neither. */
  readonly form: Form;
  /** Whether several threads may run it together, on shared memory. */
  readonly threads: boolean;
  readonly profile: boolean;
  /**
   * Whether few bytes count for more than a few percent of speed: functions are called rather than
   * put in place, all code is made small (`small/`), and nothing has a name. The bits are the same.
   */
  readonly small?: boolean;
}

/** As bundles have it: for a download, on one thread. */
export const bundled: WasmOptions = { form: 'simd', threads: false, profile: false, small: true };

export function emitWasm(program: Program, options: WasmOptions): Uint8Array<ArrayBuffer> {
  return moduleOf(program, options).finish();
}

/** The same module as text, for people. */
export function emitWat(program: Program, options: WasmOptions): string {
  return printModule(moduleOf(program, options).content());
}

function moduleOf(program: Program, options: WasmOptions): Module {
  const { form, threads, profile, small = false } = options;
  const module = new Module(program.name, threads, small);
  const mark = profile ? module.import('mark', { parameters: ['i32'] }) : undefined;
  const functions = new Functions(module, program.functions, form);
  const sink = (position: number): number => module.global(position);
  const flats = flatKernels(program);
  const hot = hotKernels(program);
  const kernels = program.kernels.map((kernel, position) => {
    const flat = flats.has(position);
    const at = module.declare(kernel.name, { parameters: kernelParameters(kernel, flat) });
    module.define(
      at,
      kernelCode(kernel, functions, { form, flat, small, sink }),
      hot.has(position),
    );
    return { at, flat };
  });
  const barrier = threads
    ? module.declare('barrier', { parameters: barrierParameters })
    : undefined;
  if (barrier !== undefined) module.define(barrier, barrierCode());
  for (const name of ['prepare', 'run'] as const) {
    const at = module.declare(name, { parameters: stepsParameters(program) });
    const steps = name === 'prepare' ? program.prepare : program.steps;
    module.define(at, stepsCode(steps, { program, functions, kernels, barrier, mark }));
    module.export(name, at);
  }
  return module;
}

/** Kernels all of whose dispatches have workgroups along the first axis alone. */
function flatKernels({ kernels, prepare, steps }: Program): ReadonlySet<number> {
  const flat = new Set(kernels.keys());
  const look = ({ kernel, groups }: Dispatch): void => {
    const one = groups.slice(1).every((e) => e.kind === 'number' && e.value === 1);
    if (!one) flat.delete(kernel);
  };
  for (const step of [...prepare, ...steps]) {
    if (step.kind === 'dispatch') look(step);
    else for (const dispatch of step.body) look(dispatch);
  }
  return flat;
}

/** Kernels of loops over time or, if there is no such loop, all. */
function hotKernels({ kernels, steps }: Program): ReadonlySet<number> {
  const repeated = steps.flatMap((step) => (step.kind === 'repeat' ? step.body : []));
  return new Set(repeated.length > 0 ? repeated.map(({ kernel }) => kernel) : kernels.keys());
}
