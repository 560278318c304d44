/** The JavaScript of a bundle, on memory of its own. */
import type { LinearCode, LinearEntries } from './linear-engine.ts';

/** What a printed module exports (compiler/6-emit/js). */
interface JsModule {
  instantiate(memory: ArrayBuffer): unknown;
}

export function jsCode(module: JsModule): LinearCode {
  let buffer = new ArrayBuffer(0);
  let entries = module.instantiate(buffer) as LinearEntries;
  return {
    get buffer() {
      return buffer;
    },
    // An ArrayBuffer keeps its length: there is a longer one, and the same program on it.
    grow(bytes) {
      const longer = new ArrayBuffer(bytes);
      new Uint8Array(longer).set(new Uint8Array(buffer));
      entries = module.instantiate(longer) as LinearEntries;
      buffer = longer;
    },
    prepare: (...values) => entries.prepare(...values),
    run: (...values) => entries.run(...values),
  };
}
