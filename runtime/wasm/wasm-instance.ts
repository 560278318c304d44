/** A program's WebAssembly module on memory of its own, on one thread or on all of a pool. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Program } from '../artifact/program.ts';
import { memoryFault, messageOf } from '../linear/faults.ts';
import {
  directCall,
  entriesOf,
  type Entries,
  type EntryName,
  type LinearInstance,
} from '../linear/instance.ts';
import { syncWords, type LinearLayout } from '../linear/layout.ts';
import type { CompiledProgram } from './compiled.ts';
import { moduleFault } from './faults.ts';
import { Pace } from './pace.ts';
import type { PoolInstance } from './thread-pool.ts';
import { pageBytes, type WasmHost, type WasmMemory } from './webassembly.ts';

export class WasmInstance implements LinearInstance {
  private readonly compiled: CompiledProgram;
  private readonly memory: WasmMemory;
  private readonly entries: Entries;
  /** The same module on the same memory in the other threads. */
  private readonly others: PoolInstance | undefined;
  private pace = new Pace();
  /** What the pace was found out for. */
  private paced: LinearLayout | undefined;

  private constructor(
    compiled: CompiledProgram,
    memory: WasmMemory,
    entries: Entries,
    others: PoolInstance | undefined,
  ) {
    this.compiled = compiled;
    this.memory = memory;
    this.entries = entries;
    this.others = others;
  }

  /** Faults: T6401, T6408 for a module of something else, T6409 where a thread cannot take it. */
  static async open(compiled: CompiledProgram): Promise<WasmInstance> {
    const { host, program, module, pool, profile } = compiled;
    const memory = newMemory(host, program, pool !== undefined);
    const mark = (kernel: number): void => profile?.mark(kernel);
    try {
      const { exports } = new host.Instance(module, { env: { memory, mark } });
      const entries = entriesOf(exports);
      return new WasmInstance(compiled, memory, entries, await pool?.add(module, memory));
    } catch (error) {
      if (error instanceof RuntimeFault) throw error;
      throw moduleFault(program.name, messageOf(error));
    }
  }

  get threads(): number {
    return this.compiled.pool?.threads ?? 1;
  }

  get buffer(): ArrayBuffer | SharedArrayBuffer {
    return this.memory.buffer;
  }

  grow(bytes: number): void {
    this.memory.grow(Math.ceil((bytes - this.buffer.byteLength) / pageBytes));
  }

  call(name: EntryName, layout: LinearLayout): void {
    const { f32Base, i32Base, scratch, symbols } = layout;
    const entry = this.entries[name];
    const alone = (): void => entry(f32Base, i32Base, scratch, 0, 1, syncWords[0], 0, ...symbols);
    const { others } = this;
    this.compiled.profile?.start();
    others?.requireThreads();
    if (others === undefined) alone();
    else if (name === 'prepare') others.call(name, layout, entry);
    else {
      this.paceFor(layout).time((shared) => (shared ? others.call(name, layout, entry) : alone()));
    }
  }

  prepared(name: EntryName, layout: LinearLayout): () => void {
    if (this.compiled.profile !== undefined) return () => this.call(name, layout);
    const direct = directCall(this.entries[name], layout);
    if (this.others === undefined) return direct;
    return () => {
      if (this.paceFor(layout).staysAlone) direct();
      else this.call(name, layout);
    };
  }

  /** Lets other threads forget it. */
  close(): void {
    this.others?.close();
  }

  private paceFor(layout: LinearLayout): Pace {
    if (layout !== this.paced) {
      this.paced = layout;
      this.pace = new Pace();
    }
    return this.pace;
  }
}

/** A page, which grows with the first layout. Faults: T6401 where not even addresses are left. */
function newMemory(host: WasmHost, program: Program, shared: boolean): WasmMemory {
  const limits = shared ? { initial: 1, maximum: mostPages, shared } : { initial: 1 };
  try {
    return new host.Memory(limits);
  } catch (error) {
    throw memoryFault(program.name, pageBytes, new Map(), [], messageOf(error));
  }
}

/** 2 GiB. Memory that is shared must say how large it may become. */
const mostPages = 32768;
