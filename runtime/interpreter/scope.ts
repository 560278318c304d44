/**
 * What a compiled kernel runs on: memory by name, and for the invocation at hand its place in the
 * grid and its locals. Closures read these objects each time, so that a kernel is compiled once and
 * run at any place on any memory. Every number is a double that holds an f32 or an i32; bools are
 * 0 and 1.
 */
import type { MemoryType } from '../artifact/kernel.ts';

export type Evaluate = () => number;
export type Run = () => void;

export type Elements = Float32Array | Int32Array;

export interface Memory {
  readonly name: string;
  readonly element: MemoryType;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Registers: `data` holds `length` elements for each invocation, one after another. */
  readonly perInvocation: boolean;
  data: Elements;
  /** Elements that an index may choose from. */
  length: number;
}

/** Where the closures are at; what drives them sets it. */
export interface Place {
  workgroup: readonly [number, number, number];
  /** Within its workgroup, the first axis counting fastest. */
  invocation: number;
  /** Of the invocation; an f32x4 takes four slots. */
  locals: Float64Array;
  step: number;
  sizes: readonly number[];
}

/** What names stand for where an expression is compiled. */
export interface Scope {
  readonly place: Place;
  /** Coordinates of each invocation of a workgroup, by axis. */
  readonly invocations: readonly (readonly number[])[];
  readonly memories: ReadonlyMap<string, Memory>;
  /** Positions in `place.sizes`. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Slots in `place.locals`. */
  readonly slots: ReadonlyMap<string, number>;
  readonly functionNamed: (name: string) => CompiledFunction;
}

/** A scope that grows by declarations. */
export interface Block extends Scope {
  readonly slots: Map<string, number>;
  /** The first of four slots that are nobody else's. */
  readonly newSlot: () => number;
}

/** Arguments go into the first locals, in order; then `result` is evaluated. */
export interface CompiledFunction {
  readonly locals: Float64Array;
  readonly arity: number;
  readonly result: Evaluate;
}

export function newPlace(locals = new Float64Array(0)): Place {
  return { workgroup: [0, 0, 0], invocation: 0, locals, step: 0, sizes: [] };
}

/** What is declared in it is not seen outside. */
export function blockWithin(block: Block): Block {
  return { ...block, slots: new Map(block.slots) };
}

/** The slot of a local from here on. */
export function declare({ slots, newSlot }: Block, name: string): number {
  const slot = newSlot();
  slots.set(name, slot);
  return slot;
}

export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

export function outside({ name, length }: Memory, index: number): Error {
  return new Error(`index ${index} of ${name}, which has ${length} elements`);
}
