/** A program's JavaScript module on memory of its own, on the caller's thread. */
import { RuntimeFault } from '../artifact/executable.ts';
import { messageOf } from '../linear/faults.ts';
import {
  directCall,
  entriesOf,
  type Entries,
  type EntryName,
  type LinearInstance,
} from '../linear/instance.ts';
import { syncWords, type LinearLayout } from '../linear/layout.ts';

/** What a printed module exports (compiler/6-emit/js). */
export interface JsModule {
  /** The entries of the program on this memory, whose length is a multiple of 4. */
  instantiate(memory: ArrayBuffer): Readonly<Record<string, unknown>>;
}

/** Memory grows by so much at least: each growth is a copy of all that is there. */
const pageBytes = 65536;

export class JsInstance implements LinearInstance {
  readonly threads = 1;
  private readonly module: JsModule;
  private memory = new ArrayBuffer(pageBytes);
  private entries: Entries;

  /** Faults: T6408 for a module of something else. */
  constructor(program: string, module: JsModule) {
    this.module = module;
    try {
      this.entries = entriesOf(module.instantiate(this.memory));
    } catch (error) {
      throw new RuntimeFault(
        'T6408',
        `the JavaScript module of ${program} cannot be used: ${messageOf(error)}`,
        'compile it again',
      );
    }
  }

  get buffer(): ArrayBuffer {
    return this.memory;
  }

  /** An ArrayBuffer keeps its length: there is a longer one, and the same program on it. */
  grow(bytes: number): void {
    const memory = new ArrayBuffer(pageBytes * Math.ceil(bytes / pageBytes));
    new Uint8Array(memory).set(new Uint8Array(this.memory));
    this.entries = entriesOf(this.module.instantiate(memory));
    this.memory = memory;
  }

  call(name: EntryName, layout: LinearLayout): void {
    const { f32Base, i32Base, scratch, symbols } = layout;
    this.entries[name](f32Base, i32Base, scratch, 0, 1, syncWords[0], 0, ...symbols);
  }

  prepared(name: EntryName, layout: LinearLayout): () => void {
    return directCall(this.entries[name], layout);
  }

  close(): void {
    // There is nothing that others would have to forget.
  }
}
