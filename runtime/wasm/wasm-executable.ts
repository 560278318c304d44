/**
 * A program as a WebAssembly module: named arrays in, named arrays out, one call of the module a
 * run. Runs in Node, in pages and in workers; compiles nothing but the module that it is given.
 */
import type { Executable, KeptState } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { bindProgram } from '../session/bind-program.ts';
import { compileModule, type CompiledProgram } from './compiled.ts';
import { KeptInMemory } from './kept-in-memory.ts';
import { known } from '../session/known.ts';
import { Layouts } from './layouts.ts';
import { Machine } from './machine.ts';
import { Profile } from './profile.ts';
import { WasmSession } from './session.ts';
import type { ThreadPool } from './thread-pool.ts';
import type { WasmBytes, WasmModule } from './webassembly.ts';

export interface WasmOptions {
  readonly program: Program;
  /** As it is emitted for this program, in a form that the engine knows (features.ts). */
  readonly module: WasmBytes | WasmModule;
  /** Values of symbols that no input's shape determines. */
  readonly bindings?: Bindings;
  /** Threads that share the work, where the module was emitted for threads; and only there. */
  readonly pool?: ThreadPool;
  /** Times each kernel, where the module was emitted for it; see `profile`. */
  readonly profile?: boolean;
}

export class WasmExecutable implements Executable {
  private readonly compiled: CompiledProgram;
  private readonly given: Bindings;
  private readonly layouts: Layouts;
  /** Machines that nobody runs on at this moment; their memory serves again. */
  private readonly free: Machine[];
  private readonly machines: Machine[];
  private closed = false;

  private constructor(compiled: CompiledProgram, given: Bindings, first: Machine) {
    this.compiled = compiled;
    this.given = given;
    this.layouts = new Layouts(compiled.program, first.threads);
    this.free = [first];
    this.machines = [first];
  }

  /**
   * Compiles the module. Faults: T6407 where WebAssembly is not allowed, T6408 for a module that is
   * damaged or another program's, T6409 where a thread ends.
   */
  static async create(options: WasmOptions): Promise<WasmExecutable> {
    const { program, module, bindings = new Map(), pool, profile = false } = options;
    const compiled = {
      ...(await compileModule(program, module)),
      program,
      pool,
      profile: profile ? new Profile(program) : undefined,
    };
    return new WasmExecutable(compiled, bindings, await Machine.open(compiled));
  }

  /** Bytes of linear memory that are allocated at this moment. */
  get allocatedBytes(): number {
    return this.machines.reduce((sum, machine) => sum + machine.allocatedBytes, 0);
  }

  /** Nanoseconds of each kernel so far, by its name; absent if unasked. */
  get profile(): ReadonlyMap<string, number> | undefined {
    return this.compiled.profile?.nanoseconds;
  }

  /**
   * Faults of the inputs are those of `bindProgram`; T6401 for more than 2 GiB of memory or more
   * than there is, T6408 where the program traps, T6409 where a thread has ended.
   */
  async run(inputs: ReadonlyMap<string, NdArray>): Promise<ReadonlyMap<string, NdArray>> {
    const machine = this.free.pop() ?? (await this.newMachine());
    try {
      return this.runOn(machine, inputs);
    } finally {
      this.free.push(machine);
    }
  }

  /** Faults: those of `create`. */
  async keep(feeds: ReadonlyMap<string, string>): Promise<KeptState> {
    const machine = this.free.pop() ?? (await this.newMachine());
    const giveBack = (): void => void this.free.push(machine);
    return new KeptInMemory(machine, this.layouts, this.given, feeds, giveBack);
  }

  /**
   * For many short calls: memory laid out for these sizes of all symbols, which is written, run and
   * read in place. Faults: those of `create`, R7006 where a symbol is not bound, T6401.
   */
  async session(bindings: Bindings = new Map()): Promise<WasmSession> {
    const sizes = new Map([...this.given, ...bindings]);
    const layout = WasmSession.layout(this.compiled.program, this.layouts, sizes);
    const machine = this.free.pop() ?? (await this.newMachine());
    machine.arrange(layout);
    return new WasmSession(machine, sizes, () => void this.free.push(machine));
  }

  close(): void {
    this.closed = true;
    for (const machine of this.machines) machine.close();
    this.free.length = 0;
    this.machines.length = 0;
  }

  private runOn(
    machine: Machine,
    inputs: ReadonlyMap<string, NdArray>,
  ): ReadonlyMap<string, NdArray> {
    const { program } = this.compiled;
    const bindings = bindProgram(program, inputs, new Map(), this.given);
    machine.arrange(this.layouts.of(bindings));
    for (const parameter of program.parameters) {
      machine.write(parameter, known(inputs.get(parameter.name), `input ${parameter.name}`));
    }
    if (program.prepare.length > 0) machine.call('prepare');
    machine.call('run');
    return new Map(program.results.map((result) => [result.name, machine.read(result)]));
  }

  private async newMachine(): Promise<Machine> {
    if (this.closed) throw new Error(`the program ${this.compiled.program.name} is closed`);
    const machine = await Machine.open(this.compiled);
    this.machines.push(machine);
    return machine;
  }
}
