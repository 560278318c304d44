/** The memory of the last few bindings of a program, so that going back to one costs nothing. */
import type { Bindings } from '../artifact/size.ts';

/** All that is asked of memory here. */
interface Held {
  readonly bytes: number;
  destroy(): void;
}

export class MemoryCache<Memory extends Held> {
  /** In the order of use. */
  private readonly held = new Map<string, Memory>();

  get bytes(): number {
    return [...this.held.values()].reduce((sum, memory) => sum + memory.bytes, 0);
  }

  /** That of these bindings, see `keyOf`; it becomes the last used. */
  take(key: string, make: () => Memory): Memory {
    const memory = this.held.get(key) ?? make();
    this.held.delete(key);
    this.held.set(key, memory);
    return memory;
  }

  /** Frees the least used ones; call it when nothing is to be copied out of them any more. */
  trim(): void {
    for (const [key, memory] of this.held) {
      const enough = this.held.size <= mostMemories && this.bytes <= mostBytes;
      if (enough || this.held.size === 1) return;
      this.held.delete(key);
      memory.destroy();
    }
  }

  clear(): void {
    for (const memory of this.held.values()) memory.destroy();
    this.held.clear();
  }
}

const mostMemories = 4;
/** Large memory is not held several times over. */
const mostBytes = 256 * 2 ** 20;

/** The same for the same values, in whatever order. */
export function keyOf(bindings: Bindings): string {
  return [...bindings]
    .map(([symbol, value]) => `${symbol}=${value}`)
    .toSorted()
    .join();
}
