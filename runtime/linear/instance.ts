/**
 * A program's code on linear memory of its own, whatever it is written in: what becomes of a
 * WebAssembly module, or of one of JavaScript, once it has memory.
 */
import { syncWords, type LinearLayout } from './layout.ts';

export interface LinearInstance {
  /** Threads that work on it, the caller's among them. */
  readonly threads: number;
  /** Its memory, as much as there is at this moment; another object after each growth. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** So many bytes at least; what is there stays. An Error where there are no more. */
  grow(bytes: number): void;
  /** Throws whatever comes out of the code. Faults: T6409 where a thread has ended. */
  call(name: EntryName, layout: LinearLayout): void;
  /** `call`, made for one layout once and for all: without a look at anything. */
  prepared(name: EntryName, layout: LinearLayout): () => void;
  close(): void;
}

export type EntryName = 'prepare' | 'run';

/** What code exports: f32Base, i32Base, scratch, thread, threads, sync, mayWait, symbols. */
export type Entry = (...values: readonly number[]) => void;
export type Entries = Readonly<Record<EntryName, Entry>>;

/** The two entries among what code exports. An Error names what is missing. */
export function entriesOf(exports: Readonly<Record<string, unknown>>): Entries {
  return { prepare: entryOf(exports, 'prepare'), run: entryOf(exports, 'run') };
}

function entryOf(exports: Readonly<Record<string, unknown>>, name: EntryName): Entry {
  const entry = exports[name];
  if (typeof entry !== 'function') throw new Error(`it has no function ${name}`);
  return entry as Entry;
}

/** A call of one thread, for one layout once and for all. */
export function directCall(entry: Entry, layout: LinearLayout): () => void {
  const { f32Base, i32Base, scratch, symbols } = layout;
  const [sync] = syncWords;
  // Arguments that are spread are gathered in an array first, at every call.
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = symbols;
  switch (symbols.length) {
    case 0:
      return () => entry(f32Base, i32Base, scratch, 0, 1, sync, 0);
    case 1:
      return () => entry(f32Base, i32Base, scratch, 0, 1, sync, 0, s0);
    case 2:
      return () => entry(f32Base, i32Base, scratch, 0, 1, sync, 0, s0, s1);
    case 3:
      return () => entry(f32Base, i32Base, scratch, 0, 1, sync, 0, s0, s1, s2);
    case 4:
      return () => entry(f32Base, i32Base, scratch, 0, 1, sync, 0, s0, s1, s2, s3);
    default:
      return () => entry(f32Base, i32Base, scratch, 0, 1, sync, 0, ...symbols);
  }
}
