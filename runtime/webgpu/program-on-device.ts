/**
 * A program whose kernels are compiled on one device: makes memory for bindings and runs there. A
 * run is one compute pass and one submission; by the time the call returns everything is submitted,
 * so that runs take effect in the order of the calls.
 */
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Shaders } from '../artifact/shaders.ts';
import type { Bindings } from '../artifact/size.ts';
import type { runChecked } from './check-numbers.ts';
import { contextOf, type DeviceContext } from './context.ts';
import { encodeDispatches, firstRefused } from './encode.ts';
import { catchErrors, type DeviceError } from './error-scopes.ts';
import { refusedFault } from './faults.ts';
import { checkLimits, DeviceMemory } from './memory.ts';
import type { MemoryCache } from './memory-cache.ts';
import { compileKernels } from './pipelines.ts';
import { makePlan } from './plan.ts';
import { Readback } from './readback.ts';
import type { Profile } from './profile.ts';
import type { RunRequest } from './request.ts';
import { Turns } from './turns.ts';

/** What is asked once for all runs. */
export interface RunOptions {
  /** How long any answer of the device may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Instead of a plain run: looks after each dispatch for NaN and infinity; slow. */
  readonly checked?: typeof runChecked | undefined;
  /** Where the times of kernels are added up, if anyone asked. */
  readonly profile?: Profile | undefined;
}

export class ProgramOnDevice {
  readonly program: Program;
  readonly context: DeviceContext;
  readonly pipelines: readonly GPUComputePipeline[];
  private readonly options: RunOptions;
  private readonly turns = new Turns();

  private constructor(
    program: Program,
    context: DeviceContext,
    pipelines: readonly GPUComputePipeline[],
    options: RunOptions,
  ) {
    this.program = program;
    this.context = context;
    this.pipelines = pipelines;
    this.options = options;
  }

  /** Faults are those of `compileKernels`. */
  static async open(
    device: GPUDevice,
    program: Program,
    shaders: Shaders,
    options: RunOptions,
  ): Promise<ProgramOnDevice> {
    const context = contextOf(device);
    const pipelines = await compileKernels(context, program, shaders, options.timeoutMs);
    return new ProgramOnDevice(program, context, pipelines, options);
  }

  /** Faults: T6401 for what is beyond the device's limits, T6404 for too many workgroups. */
  memory(cache: MemoryCache, bindings: Bindings): DeviceMemory {
    const { context, program } = this;
    return cache.take(bindings, () => {
      const { limits } = context.device;
      // Before the loops over time are unrolled, which takes long where they are far too long.
      checkLimits(program, bindings, limits);
      const plan = makePlan(program, bindings, limits);
      return new DeviceMemory(context, program, plan);
    });
  }

  /** Begins a run, at once if runs do not wait in their middle. */
  begin<T>(act: () => Promise<T>): Promise<T> {
    return this.options.checked === undefined ? act() : this.turns.take(act);
  }

  /**
   * The arrays that are wanted, by name. Faults: T6401 where memory ran out, T6404 for what the
   * device refuses, T6405 when it is lost, T6406 when it does not answer; R7701 if checked.
   */
  run(memory: DeviceMemory, request: RunRequest): Promise<Map<string, NdArray>> {
    const { checked } = this.options;
    return checked === undefined
      ? this.submit(memory, request, true)
      : checked(this, memory, request);
  }

  /** As `run`; without the dispatches where they are not asked for. */
  async submit(
    memory: DeviceMemory,
    request: RunRequest,
    dispatches: boolean,
  ): Promise<Map<string, NdArray>> {
    const { device } = this.context;
    const { name } = this.program;
    const { profile, timeoutMs } = this.options;
    const { value, error } = catchErrors(device, () => {
      const encoder = device.createCommandEncoder({ label: name });
      request.before?.(encoder);
      const timing = dispatches ? profile?.encode(encoder, this, memory) : undefined;
      if (dispatches && profile === undefined) encodeDispatches(encoder, this, memory);
      const readback = new Readback(this.context, encoder, memory, request.wanted);
      request.after?.(encoder);
      device.queue.submit([encoder.finish()]);
      return { readback, timing };
    });
    value.readback.begin();
    value.timing?.begin();
    await this.checkSubmission(memory, error);
    await value.timing?.end(timeoutMs);
    return value.readback.arrays(name, timeoutMs);
  }

  private async checkSubmission(
    memory: DeviceMemory,
    submitted: Promise<DeviceError | undefined>,
  ): Promise<void> {
    const { watch } = this.context;
    const what = `the answer to a run of ${this.program.name}`;
    const failure = await watch.wait(memory.failure, what, this.options.timeoutMs);
    if (failure !== undefined) throw memory.faultOf(failure);
    const error = await watch.wait(submitted, what, this.options.timeoutMs);
    if (error === undefined) return;
    const place = await watch.wait(firstRefused(this, memory), what, this.options.timeoutMs);
    const [reason = ''] = error.message.split('\n');
    throw refusedFault(place ?? `a run of ${this.program.name}`, reason);
  }
}
