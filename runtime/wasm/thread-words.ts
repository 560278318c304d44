/**
 * How the caller's thread and the workers of a pool speak with each other: a few words of memory
 * that they share, and messages for what words cannot carry.
 */
import type { WasmMemory, WasmModule } from './webassembly.ts';

/** Words by position. What is written by different threads lies in different lines of a cache. */
export const words = {
  /** Goes up with each command; workers wait for that. */
  epoch: 0,
  /** How many workers have taken the command. */
  taken: 16,
  /** The thread that is about to say why it fails; the one that has said it. 0 while none has. */
  failing: 32,
  failed: 33,
  /** Why, in UTF-16, behind its length. */
  reasonLength: 34,
  reason: 35,
  command: 256,
} as const;

export const reasonMost = 200;

/** Words of a command, from `words.command` on; the values of the symbols come after them. */
export const fields = {
  kind: 0,
  instance: 1,
  f32Base: 2,
  i32Base: 3,
  scratch: 4,
  scratchStride: 5,
  threads: 6,
  sync: 7,
  symbolCount: 8,
  symbols: 9,
} as const;

export const symbolsMost = 256;
export const controlBytes = 4 * (words.command + fields.symbols + symbolsMost);

/** `listen` lets a worker look at its messages; the others are exports of a module. */
export const commands = { listen: 0, prepare: 1, run: 2 } as const;

export type ToWorker =
  | { readonly kind: 'begin'; readonly control: SharedArrayBuffer; readonly thread: number }
  | {
      readonly kind: 'add';
      readonly instance: number;
      readonly module: WasmModule;
      readonly memory: WasmMemory;
    }
  | { readonly kind: 'drop'; readonly instance: number };

/** Instance 0 is the worker itself. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly instance: number }
  | { readonly kind: 'refused'; readonly instance: number; readonly reason: string };

/**
 * What a thread that fails sets the counter of a run to: as if all had come to all barriers, so
 * that no other thread waits any more. Half of what 31 bits hold, since others still add to it.
 */
const everyBarrier = 2 ** 30;

/** Lets all threads of a run come to its end; its results are worthless. */
export function abandonRun(memory: Int32Array, sync: number): void {
  Atomics.store(memory, sync / 4, everyBarrier);
  Atomics.notify(memory, sync / 4);
}

/** Milliseconds for which a thread looks again and again before it goes to sleep. */
const spinning = 0.05;

/**
 * Waits until the word is something else than `value`, and gives what it is then; `value` where it
 * stays for so many milliseconds. A thread that may not sleep goes on looking.
 */
export function awaitChange(
  control: Int32Array,
  word: number,
  value: number,
  mayWait: boolean,
  milliseconds: number,
): number {
  const found = lookFor(control, word, value, looksAtOnce);
  if (found !== value) return found;
  const start = performance.now();
  const patience = mayWait ? spinning : milliseconds;
  do {
    const later = lookFor(control, word, value, looksAtOnce);
    if (later !== value) return later;
  } while (performance.now() - start < patience);
  if (mayWait) Atomics.wait(control, word, value, milliseconds);
  return Atomics.load(control, word);
}

/** Looks between two looks at the clock. */
const looksAtOnce = 64;

function lookFor(control: Int32Array, word: number, value: number, times: number): number {
  for (let i = 0; i < times; i++) {
    const found = Atomics.load(control, word);
    if (found !== value) return found;
  }
  return value;
}
