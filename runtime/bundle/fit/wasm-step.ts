/** A training step as WebAssembly. */
import { RuntimeFault, type Executable } from '../../artifact/executable.ts';
import type { Program } from '../../artifact/program.ts';
import { WasmExecutable } from '../../wasm/wasm-executable.ts';
import type { WasmBytes, WasmModule } from '../../wasm/webassembly.ts';

/** Undefined where the page allows no WebAssembly, or the engine not all of its instructions. */
export async function wasmStep(
  program: Program,
  module: WasmBytes | WasmModule,
): Promise<Executable | undefined> {
  try {
    return await WasmExecutable.create({ program, module });
  } catch (error) {
    if (error instanceof RuntimeFault) return undefined;
    throw error;
  }
}
