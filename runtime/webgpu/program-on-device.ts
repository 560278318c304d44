/**
 * A program whose kernels are compiled on one device: makes memory for bindings and runs there. A
 * run is one compute pass and one submission; by the time the call returns everything is submitted,
 * so that runs take effect in the order of the calls.
 */
import type { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Shaders } from '../artifact/shaders.ts';
import type { Bindings } from '../artifact/size.ts';
import { known } from '../session/known.ts';
import type { runChecked } from './check-numbers.ts';
import { contextOf, type SharedContext } from './shared-context.ts';
import { encodeDispatches } from './encode.ts';
import { firstRefused } from './first-refused.ts';
import type { DeviceError } from './error-scopes.ts';
import { refusedFault } from './faults.ts';
import { keyOf, type MemoryCache } from './memory-cache.ts';
import { compileKernels } from './pipelines.ts';
import { ProgramMemory } from './program-memory.ts';
import type { Profile, Timing } from './profile.ts';
import type { RunRequest } from './request.ts';
import { submit } from './submit.ts';
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
  readonly context: SharedContext;
  readonly pipelines: readonly GPUComputePipeline[];
  private readonly options: RunOptions;
  private readonly turns = new Turns();

  private constructor(
    program: Program,
    context: SharedContext,
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
  memory(cache: MemoryCache<ProgramMemory>, bindings: Bindings): ProgramMemory {
    const { context, program } = this;
    const make = (): ProgramMemory => new ProgramMemory(context, program, bindings);
    return cache.take(keyOf(bindings), make);
  }

  /** Begins a run, at once if runs do not wait in their middle. */
  begin<T>(act: () => Promise<T>): Promise<T> {
    return this.options.checked === undefined ? act() : this.turns.take(act);
  }

  /**
   * The arrays that are wanted, by name. Faults: T6401 where memory ran out, T6404 for what the
   * device refuses, T6405 when it is lost, T6406 when it does not answer; R7701 if checked.
   */
  run(memory: ProgramMemory, request: RunRequest): Promise<Map<string, NdArray>> {
    const { checked } = this.options;
    return checked === undefined
      ? this.submit(memory, request, true)
      : checked(this, memory, request);
  }

  /** As `run`; without the dispatches where they are not asked for. */
  async submit(
    memory: ProgramMemory,
    { before, after, wanted }: RunRequest,
    dispatches: boolean,
  ): Promise<Map<string, NdArray>> {
    const { context, program, pipelines } = this;
    const { profile, timeoutMs } = this.options;
    let timing: Timing | undefined;
    const found = submit(context, context.staging, {
      name: program.name,
      memory: memory.on,
      encode: (encoder) => {
        before?.(encoder);
        if (!dispatches) return;
        timing = profile?.encode(encoder, this, memory.on);
        if (profile === undefined) encodeDispatches(encoder, pipelines, memory.on);
      },
      wanted: wanted.map(({ tensor }) => memory.place(tensor)),
      after,
      refused: (error) => this.refusal(memory, error),
      milliseconds: timeoutMs,
    });
    timing?.begin();
    const arrays = await found;
    await timing?.end(timeoutMs);
    return new Map(
      wanted.map((form, i) => [form.name, memory.array(form, known(arrays[i], form.name))]),
    );
  }

  private async refusal(memory: ProgramMemory, { message }: DeviceError): Promise<RuntimeFault> {
    const { name } = this.program;
    const place = await this.context.watch.wait(
      firstRefused(this, memory),
      `the answer to a run of ${name}`,
      this.options.timeoutMs,
    );
    const [reason = ''] = message.split('\n');
    return refusedFault(place ?? `a run of ${name}`, reason);
  }
}
