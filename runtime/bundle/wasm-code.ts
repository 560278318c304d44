/** The WebAssembly of a bundle, on memory of its own. */
import { entriesOf } from '../linear/instance.ts';
import { pageBytes, wasmHost, type WasmBytes, type WasmModule } from '../wasm/webassembly.ts';
import type { LinearCode } from './linear-engine.ts';

/**
 * Compiles bytes, unless that is done. Undefined where the engine or the page's policy allows no
 * WebAssembly, or the engine does not know all of its instructions.
 */
export async function wasmCode(module: WasmBytes | WasmModule): Promise<LinearCode | undefined> {
  const host = wasmHost();
  if (host === undefined) return undefined;
  try {
    const isBytes = ArrayBuffer.isView(module) || module instanceof ArrayBuffer;
    const compiled = isBytes ? await host.compile(module) : module;
    const memory = new host.Memory({ initial: 1 });
    const { prepare, run } = entriesOf(new host.Instance(compiled, { env: { memory } }).exports);
    return {
      get buffer() {
        return memory.buffer;
      },
      grow: (bytes) => void memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / pageBytes)),
      prepare,
      run,
    };
  } catch {
    return undefined;
  }
}
