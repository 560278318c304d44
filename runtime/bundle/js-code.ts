/** The JavaScript of a bundle, on memory of its own. */
import { entriesOf } from '../linear/instance.ts';
import type { JsModule } from '../js/js-instance.ts';
import type { LinearCode } from './linear-engine.ts';

export function jsCode(module: JsModule): LinearCode {
  let buffer = new ArrayBuffer(0);
  let entries = entriesOf(module.instantiate(buffer));
  return {
    get buffer() {
      return buffer;
    },
    // An ArrayBuffer keeps its length: there is a longer one, and the same program on it.
    grow(bytes) {
      const longer = new ArrayBuffer(bytes);
      new Uint8Array(longer).set(new Uint8Array(buffer));
      entries = entriesOf(module.instantiate(longer));
      buffer = longer;
    },
    prepare: (...values) => entries.prepare(...values),
    run: (...values) => entries.run(...values),
  };
}
