/**
 * A program on a GPU, through WebGPU: named arrays in, named arrays out. The device is the
 * caller's, or is asked for here and asked for again when it is lost; it is never destroyed here.
 */
import type { Executable, KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Shaders } from '../artifact/shaders.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { isLost, messageOf } from './faults.ts';
import { runChecked } from './check-numbers.ts';
import { KeptOnDevice } from './kept-on-device.ts';
import { known } from '../session/known.ts';
import { MemoryCache } from './memory-cache.ts';
import { Profile } from './profile.ts';
import type { ProgramMemory } from './program-memory.ts';
import { ProgramOnDevice } from './program-on-device.ts';

export interface WebgpuOptions {
  readonly program: Program;
  /** As they are emitted for the contract of `context.ts`. */
  readonly shaders: Shaders;
  /** One of the two at least; with both, `requestDevice` is for when the device is lost. */
  readonly device?: GPUDevice;
  /** Gives a device that works: after a loss, another than before. Programs may share it. */
  readonly requestDevice?: () => Promise<GPUDevice>;
  /** Values of symbols that no input's shape determines. */
  readonly bindings?: Bindings;
  /** How long any answer of the device may take, in milliseconds; a minute by default. */
  readonly timeoutMs?: number;
  /** Looks after each dispatch for NaN and infinity: fault R7701. Slow. */
  readonly checkNan?: boolean;
  /** Times each kernel, see `profile`. */
  readonly profile?: boolean;
  /** Hears in words what was done about a lost device. */
  readonly onNotice?: (message: string) => void;
}

export class WebgpuExecutable implements Executable {
  private readonly options: WebgpuOptions;
  private readonly times: Profile | undefined;
  private on: ProgramOnDevice;
  private reopening: Promise<void> | undefined;
  private readonly cache = new MemoryCache<ProgramMemory>();
  private readonly states = new Set<KeptOnDevice>();
  private closed = false;

  private constructor(options: WebgpuOptions, on: ProgramOnDevice, times: Profile | undefined) {
    this.options = options;
    this.on = on;
    this.times = times;
  }

  /**
   * Compiles the kernels. Faults: T6404 for a shader that the device refuses, T6405 for a device
   * that is lost meanwhile, T6406 for one that does not answer.
   */
  static async create(options: WebgpuOptions): Promise<WebgpuExecutable> {
    const device = options.device ?? (await options.requestDevice?.());
    if (device === undefined) throw new Error('neither a device nor a way to get one was given');
    const timed = options.profile === true && Profile.offeredBy(device);
    const times = timed ? new Profile() : undefined;
    return new WebgpuExecutable(options, await open(device, options, times), times);
  }

  /** Bytes of the arenas that are allocated at this moment. */
  get allocatedBytes(): number {
    const kept = [...this.states].reduce((sum, state) => sum + state.allocatedBytes, 0);
    return this.cache.bytes + kept;
  }

  /** Nanoseconds of each kernel so far, by its name; absent if unasked or if the device can't. */
  get profile(): ReadonlyMap<string, number> | undefined {
    return this.times?.nanoseconds;
  }

  /**
   * Faults of the inputs are those of `bindProgram`, those of the device T6401 and T6404 to T6406.
   * A run whose device is lost is done once more where there is another device.
   */
  async run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>> {
    this.checkOpen();
    const { on } = this;
    try {
      return await on.begin(() => this.runOn(on, inputs));
    } catch (error) {
      if (!isLost(error) || this.options.requestDevice === undefined) throw error;
      const again = await this.reopen(on);
      this.options.onNotice?.(`${messageOf(error)}; the run is done again on a new device`);
      return again.begin(() => this.runOn(again, inputs));
    }
  }

  /** Faults: those of `create`. What is kept is gone when the device is lost. */
  async keep(feeds: ReadonlyMap<string, string>): Promise<KeptState> {
    this.checkOpen();
    const { lost } = this.on.context.watch;
    const again = lost !== undefined && this.options.requestDevice !== undefined;
    const on = again ? await this.reopen(this.on) : this.on;
    const given = this.options.bindings ?? new Map();
    const state = new KeptOnDevice(on, given, feeds, () => this.states.delete(state));
    this.states.add(state);
    return state;
  }

  close(): void {
    this.closed = true;
    this.cache.clear();
    for (const state of [...this.states]) state.close();
  }

  private async runOn(
    on: ProgramOnDevice,
    inputs: ReadonlyMap<string, NdArray>,
  ): Promise<Map<string, NdArray>> {
    const { lost } = on.context.watch;
    if (lost !== undefined) throw lost;
    const { program } = this.options;
    const given = this.options.bindings ?? new Map<string, number>();
    const bindings = bindProgram(program, inputs, new Map(), given);
    const memory = on.memory(this.cache, bindings);
    for (const { name, tensor } of program.parameters) {
      memory.write(tensor, known(inputs.get(name), `input ${name}`).data);
    }
    const running = on.run(memory, { wanted: program.results });
    this.cache.trim();
    return running;
  }

  /** A new device instead of the lost one; one for all runs that were lost with it. */
  private async reopen(lost: ProgramOnDevice): Promise<ProgramOnDevice> {
    if (this.on === lost) {
      this.reopening ??= this.replaceDevice().finally(() => (this.reopening = undefined));
      await this.reopening;
    }
    return this.on;
  }

  private async replaceDevice(): Promise<void> {
    this.cache.clear();
    const { options } = this;
    const device = known(await options.requestDevice?.(), 'way to get a device');
    this.on = await open(device, options, this.times);
  }

  private checkOpen(): void {
    if (this.closed) throw new Error(`the program ${this.options.program.name} is closed`);
  }
}

function open(
  device: GPUDevice,
  { program, shaders, timeoutMs = 60_000, checkNan = false }: WebgpuOptions,
  profile: Profile | undefined,
): Promise<ProgramOnDevice> {
  const checked = checkNan ? runChecked : undefined;
  return ProgramOnDevice.open(device, program, shaders, { timeoutMs, checked, profile });
}
