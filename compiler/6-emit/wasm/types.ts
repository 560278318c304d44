/** Lists as a module writes them, and that of the types of its functions. */
import { Bytes } from './bytes.ts';
import { valueType } from './opcodes.ts';
import type { Signature } from './signature.ts';

/** Signatures, each once, in the order in which they are asked for. */
export class Types {
  private readonly all = new Map<string, Signature>();

  at(signature: Signature): number {
    const key = `${signature.parameters.join(' ')}: ${signature.result ?? ''}`;
    if (!this.all.has(key)) this.all.set(key, signature);
    return [...this.all.keys()].indexOf(key);
  }

  /** All that were asked for. */
  list(): Signature[] {
    return [...this.all.values()];
  }

  section(): Bytes {
    return list(this.list(), (to, { parameters, result }) => {
      to.byte(0x60);
      for (const types of [parameters, result === undefined ? [] : [result]]) {
        to.unsigned(types.length);
        for (const type of types) to.byte(valueType[type]);
      }
    });
  }
}

/** How many there are, then each. */
export function list<T>(
  items: readonly T[],
  each: (to: Bytes, item: T, at: number) => void,
): Bytes {
  const out = new Bytes();
  out.unsigned(items.length);
  items.forEach((item, at) => each(out, item, at));
  return out;
}
