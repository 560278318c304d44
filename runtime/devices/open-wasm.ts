/**
 * A program in the best form of WebAssembly that this engine has; where the page's policy or the
 * engine allows none, the same program as plain JS, which is slow and gives the same results.
 */
import { RuntimeFault, type Executable } from '../artifact/executable.ts';
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { formOf, wasmFeatures, type WasmForm } from '../wasm/features.ts';
import type { ThreadPool } from '../wasm/thread-pool.ts';
import { WasmExecutable } from '../wasm/wasm-executable.ts';
import type { WasmBytes, WasmModule } from '../wasm/webassembly.ts';

export interface OpenWasmOptions {
  readonly program: Program;
  /** The program's module in this form, for one thread or for several. */
  readonly module: (
    form: WasmForm,
    threads: boolean,
  ) => WasmBytes | WasmModule | Promise<WasmBytes | WasmModule>;
  /** The best that the engine has if not said. */
  readonly form?: WasmForm;
  /** Values of symbols that no input's shape determines. */
  readonly bindings?: Bindings;
  readonly pool?: ThreadPool | undefined;
  /** Hears, once, that there is no WebAssembly. */
  readonly note?: (message: string) => void;
}

/** Faults: those of `WasmExecutable.create`, but for T6407. */
export async function openWasm(options: OpenWasmOptions): Promise<Executable> {
  const { program, bindings = new Map<string, number>(), pool } = options;
  const form = options.form ?? formOf(wasmFeatures());
  try {
    const module = await options.module(form, pool !== undefined);
    const given = pool === undefined ? { program, bindings } : { program, bindings, pool };
    return await WasmExecutable.create({ ...given, module });
  } catch (error) {
    if (!(error instanceof RuntimeFault) || error.code !== 'T6407') throw error;
    tell(options.note, `${error.message}; kernels are interpreted, which is slow`);
    const { KernelInterpreter } = await import('../interpreter/kernel-interpreter.ts');
    return new KernelInterpreter(program, bindings);
  }
}

type Note = (message: string) => void;

/** Who has been told: a page with several programs is told once. */
const told = new WeakSet<Note>();

function tell(note: Note | undefined, message: string): void {
  if (note === undefined || told.has(note)) return;
  told.add(note);
  note(message);
}
