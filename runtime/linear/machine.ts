/**
 * A program on linear memory of its own: tensors are written, the program runs, tensors are read.
 * Memory grows with the layouts that it serves, and never shrinks. Nothing here checks inputs; that
 * is done before.
 */
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program, ProgramParameter, ProgramResult } from '../artifact/program.ts';
import { known } from '../session/known.ts';
import { resultArray } from '../session/result-array.ts';
import { asFault, memoryFault, messageOf } from './faults.ts';
import type { EntryName, LinearInstance } from './instance.ts';
import { largestTensors, type LinearLayout } from './layout.ts';

export type Elements = Float32Array | Int32Array;

export class Machine {
  readonly program: Program;
  private readonly instance: LinearInstance;
  private bytes: number;
  private layout: LinearLayout | undefined;
  /** By tensor; made when first asked for. */
  private views: (Elements | undefined)[] = [];

  /** The instance is its own from now on. */
  constructor(program: Program, instance: LinearInstance) {
    this.program = program;
    this.instance = instance;
    this.bytes = instance.buffer.byteLength;
  }

  /** Threads that work on it, the caller's among them. */
  get threads(): number {
    return this.instance.threads;
  }

  /** Of linear memory, as much as there is at this moment. */
  get allocatedBytes(): number {
    return this.bytes;
  }

  /** What was called for last. */
  get arrangement(): LinearLayout | undefined {
    return this.layout;
  }

  /** Makes room. What is not in the same place in both layouts is lost. Faults: T6401. */
  arrange(layout: LinearLayout): void {
    if (layout === this.layout) return;
    if (layout.bytes > this.bytes) this.grow(layout);
    this.layout = layout;
    this.views = [];
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
    try {
      this.instance.call(name, layout);
    } catch (error) {
      throw asFault(this.program.name, error);
    }
  }

  /** `call`, made for one layout once and for all; throws whatever comes out of the code. */
  prepared(name: EntryName): () => void {
    return this.instance.prepared(name, this.arranged());
  }

  /** Lets other threads forget it. */
  close(): void {
    this.instance.close();
  }

  private grow(layout: LinearLayout): void {
    try {
      this.instance.grow(layout.bytes);
    } catch (error) {
      const { bytes, bindings } = layout;
      const largest = largestTensors(this.program, bindings);
      throw memoryFault(this.program.name, bytes, bindings, largest, messageOf(error));
    }
    this.bytes = this.instance.buffer.byteLength;
  }

  private view(tensor: number): Elements {
    const { addresses, lengths } = this.arranged();
    const address = known(addresses[tensor], `address of tensor ${tensor}`);
    const length = known(lengths[tensor], `length of tensor ${tensor}`);
    const { element } = known(this.program.tensors[tensor], `tensor ${tensor}`);
    const { buffer } = this.instance;
    return element === 'f32'
      ? new Float32Array(buffer, address, length)
      : new Int32Array(buffer, address, length);
  }

  private arranged(): LinearLayout {
    return known(this.layout, 'layout yet');
  }
}
