/** The WebAssembly of a bundle, on memory of its own. */
import { pageBytes, wasmHost, type WasmHost, type WasmModule } from '../wasm/webassembly.ts';
import type { LinearCode, LinearEntries } from './linear-engine.ts';

/**
 * Compiles bytes, unless that is done. Undefined where the engine or the page's policy allows no
 * WebAssembly, or the engine does not know all of its instructions.
 */
export async function wasmCode(module: Uint8Array | WasmModule): Promise<LinearCode | undefined> {
  try {
    const host = wasmHost() as WasmHost;
    const memory = new host.Memory({ initial: 1 });
    const compiled = ArrayBuffer.isView(module) ? await host.compile(module) : module;
    const { exports } = new host.Instance(compiled, { env: { memory } });
    return {
      ...(exports as unknown as LinearEntries),
      get buffer() {
        return memory.buffer;
      },
      grow: (bytes) => void memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / pageBytes)),
    };
  } catch {
    return undefined;
  }
}
