/**
 * A program's module on linear memory of its own: tensors are written, the program runs, tensors
 * are read. Memory grows with the layouts that it serves, and never shrinks. Nothing here checks
 * inputs; that is done before.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program, ProgramParameter, ProgramResult } from '../artifact/program.ts';
import { resultArray } from '../session/result-array.ts';
import type { CompiledProgram } from './compiled.ts';
import { asFault, memoryFault, messageOf, moduleFault } from './faults.ts';
import { known } from '../session/known.ts';
import { largestTensors, syncWords, type WasmLayout } from './layout.ts';
import { Pace } from './pace.ts';
import type { PoolInstance } from './thread-pool.ts';
import { pageBytes, type WasmHost, type WasmMemory } from './webassembly.ts';

export type Elements = Float32Array | Int32Array;

/** An export of a module: f32Base, i32Base, scratch, thread, threads, sync, mayWait, symbols. */
export type Entry = (...values: readonly number[]) => void;
export type EntryName = 'prepare' | 'run';

export class Machine {
  readonly program: Program;
  private readonly compiled: CompiledProgram;
  private readonly memory: WasmMemory;
  private readonly entries: Readonly<Record<EntryName, Entry>>;
  /** The same module on the same memory in the other threads. */
  private readonly others: PoolInstance | undefined;
  private bytes: number;
  private layout: WasmLayout | undefined;
  private pace = new Pace();
  /** By tensor; made when first asked for. */
  private views: (Elements | undefined)[] = [];

  private constructor(
    compiled: CompiledProgram,
    memory: WasmMemory,
    entries: Readonly<Record<EntryName, Entry>>,
    others: PoolInstance | undefined,
  ) {
    this.compiled = compiled;
    this.program = compiled.program;
    this.memory = memory;
    this.entries = entries;
    this.others = others;
    this.bytes = memory.buffer.byteLength;
  }

  /** Faults: T6408 for a module of something else, T6409 where a thread cannot take it. */
  static async open(compiled: CompiledProgram): Promise<Machine> {
    const { host, program, module, pool, profile } = compiled;
    const memory = newMemory(host, program, pool !== undefined);
    const mark = (kernel: number): void => profile?.mark(kernel);
    try {
      const { exports } = new host.Instance(module, { env: { memory, mark } });
      const entries = { prepare: entryOf(exports, 'prepare'), run: entryOf(exports, 'run') };
      return new Machine(compiled, memory, entries, await pool?.add(module, memory));
    } catch (error) {
      if (error instanceof RuntimeFault) throw error;
      throw moduleFault(program.name, messageOf(error));
    }
  }

  /** Threads that work on it, the caller's among them. */
  get threads(): number {
    return this.compiled.pool?.threads ?? 1;
  }

  /** Of linear memory, as much as there is at this moment. */
  get allocatedBytes(): number {
    return this.bytes;
  }

  /** What was called for last. */
  get arrangement(): WasmLayout | undefined {
    return this.layout;
  }

  /** Makes room. What is not in the same place in both layouts is lost. Faults: T6401. */
  arrange(layout: WasmLayout): void {
    if (layout === this.layout) return;
    if (layout.bytes > this.bytes) this.grow(layout);
    this.layout = layout;
    this.views = [];
    this.pace = new Pace();
  }

  /** Those of a tensor in memory; good until memory is arranged for another layout. */
  elements(tensor: number): Elements {
    return (this.views[tensor] ??= this.view(tensor));
  }

  write({ tensor }: ProgramParameter, { data }: NdArray): void {
    this.elements(tensor).set(data);
  }

  read(of: ProgramParameter | ProgramResult): NdArray {
    return resultArray(of, this.arranged().bindings, this.elements(of.tensor));
  }

  /** Faults: T6408 where the program traps, T6409 where a thread has ended. */
  call(name: EntryName): void {
    const layout = this.arranged();
    const { f32Base, i32Base, scratch, symbols } = layout;
    const entry = this.entries[name];
    const alone = (): void => entry(f32Base, i32Base, scratch, 0, 1, syncWords[0], 0, ...symbols);
    const { others } = this;
    this.compiled.profile?.start();
    try {
      others?.requireThreads();
      if (others === undefined) alone();
      else if (name === 'prepare') others.call(name, layout, entry);
      else this.pace.time((shared) => (shared ? others.call(name, layout, entry) : alone()));
    } catch (error) {
      throw asFault(this.program.name, error);
    }
  }

  /** `call`, made for one layout once and for all: without a look at anything. */
  prepared(name: EntryName): () => void {
    const layout = this.arranged();
    const entry = this.entries[name];
    if (this.compiled.profile !== undefined) return () => this.call(name);
    const direct = directCall(entry, layout);
    if (this.others === undefined) return direct;
    return () => {
      if (this.pace.staysAlone && this.layout === layout) direct();
      else this.call(name);
    };
  }

  /** Lets other threads forget it. */
  close(): void {
    this.others?.close();
  }

  private grow(layout: WasmLayout): void {
    const { program } = this.compiled;
    try {
      this.memory.grow(Math.ceil((layout.bytes - this.bytes) / pageBytes));
    } catch (error) {
      const { bytes, bindings } = layout;
      const largest = largestTensors(program, bindings);
      throw memoryFault(program.name, bytes, bindings, largest, messageOf(error));
    }
    this.bytes = this.memory.buffer.byteLength;
  }

  private view(tensor: number): Elements {
    const { addresses, lengths } = this.arranged();
    const address = known(addresses[tensor], `address of tensor ${tensor}`);
    const length = known(lengths[tensor], `length of tensor ${tensor}`);
    const { element } = known(this.program.tensors[tensor], `tensor ${tensor}`);
    const { buffer } = this.memory;
    return element === 'f32'
      ? new Float32Array(buffer, address, length)
      : new Int32Array(buffer, address, length);
  }

  private arranged(): WasmLayout {
    return known(this.layout, 'layout yet');
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

function entryOf(exports: Readonly<Record<string, unknown>>, name: EntryName): Entry {
  const entry = exports[name];
  if (typeof entry !== 'function') throw new Error(`it has no function ${name}`);
  return entry as Entry;
}

/** A call of one thread, for one layout once and for all: without a look at anything. */
function directCall(entry: Entry, layout: WasmLayout): () => void {
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
