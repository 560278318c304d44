/** A program with its module compiled, ready for memory of its own to be made for it. */
import type { Program } from '../artifact/program.ts';
import { messageOf } from '../linear/faults.ts';
import { missingFault, moduleFault } from './faults.ts';
import type { Profile } from './profile.ts';
import type { ThreadPool } from './thread-pool.ts';
import { wasmHost, type WasmBytes, type WasmHost, type WasmModule } from './webassembly.ts';

export interface CompiledProgram {
  readonly host: WasmHost;
  readonly program: Program;
  readonly module: WasmModule;
  /** Absent where the module was emitted for one thread. */
  readonly pool: ThreadPool | undefined;
  readonly profile: Profile | undefined;
}

/**
 * Compiles bytes, unless that is done. Faults: T6407 where the engine or the page allows no
 * WebAssembly, T6408 for bytes that are no module, or none of this engine's.
 */
export async function compileModule(
  program: Program,
  module: WasmBytes | WasmModule,
): Promise<Pick<CompiledProgram, 'host' | 'module'>> {
  const host = wasmHost();
  if (host === undefined) throw missingFault('the engine has none');
  if (!isBytes(module)) return { host, module };
  try {
    return { host, module: await host.compile(module) };
  } catch (error) {
    const reason = messageOf(error);
    throw (await isForbidden(host)) ? missingFault(reason) : moduleFault(program.name, reason);
  }
}

function isBytes(module: WasmBytes | WasmModule): module is WasmBytes {
  return ArrayBuffer.isView(module) || module instanceof ArrayBuffer;
}

/** Whether even the shortest module there is cannot be compiled. */
async function isForbidden(host: WasmHost): Promise<boolean> {
  try {
    await host.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    return false;
  } catch {
    return true;
  }
}
