/**
 * A program as a WebAssembly module. Runs in Node, in pages and in workers; compiles nothing but
 * the module that it is given.
 */
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { LinearExecutable } from '../linear/linear-executable.ts';
import { Machine } from '../linear/machine.ts';
import { compileModule } from './compiled.ts';
import { Profile } from './profile.ts';
import type { ThreadPool } from './thread-pool.ts';
import { WasmInstance } from './wasm-instance.ts';
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

export class WasmExecutable extends LinearExecutable {
  private readonly measured: Profile | undefined;

  private constructor(
    first: Machine,
    bindings: Bindings,
    open: () => Promise<Machine>,
    measured: Profile | undefined,
  ) {
    super(first, bindings, open);
    this.measured = measured;
  }

  /**
   * Compiles the module. Faults: T6407 where WebAssembly is not allowed, T6408 for a module that is
   * damaged or another program's, T6409 where a thread ends.
   */
  static async create(options: WasmOptions): Promise<WasmExecutable> {
    const { program, module, bindings = new Map(), pool, profile = false } = options;
    const measured = profile ? new Profile(program) : undefined;
    const compiled = {
      ...(await compileModule(program, module)),
      program,
      pool,
      profile: measured,
    };
    const open = async (): Promise<Machine> => {
      return new Machine(program, await WasmInstance.open(compiled));
    };
    return new WasmExecutable(await open(), bindings, open, measured);
  }

  /** Nanoseconds of each kernel so far, by its name; absent if unasked. */
  get profile(): ReadonlyMap<string, number> | undefined {
    return this.measured?.nanoseconds;
  }
}
