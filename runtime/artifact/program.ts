/**
 * A compiled program: kernels, the order in which they are dispatched, and where each tensor lies
 * in memory, all of it as functions of the dimensions that are still open (B, T, …). Plain data,
 * the contract between the compiler and whatever runs it.
 *
 * Memory is one arena of f32 and one of i32. Two tensors may overlap where they are never alive
 * together; a tensor of the role `weight` or `state` that the program keeps has its own place. In
 * linear memory a tensor of the first arena may be one of words, which all kernels take for i32.
 */
import type { Expression, Kernel, KernelFunction, MemoryType } from './kernel.ts';
import type { ElementType } from './nd-array.ts';
import type { Dim } from './size.ts';

export interface Program {
  readonly format: 'gatework-program-1';
  readonly name: string;
  /** Dimensions that stay open, bound by the shapes of the inputs. */
  readonly symbols: readonly string[];
  readonly parameters: readonly ProgramParameter[];
  readonly results: readonly ProgramResult[];
  readonly tensors: readonly ProgramTensor[];
  /** Elements of each arena, over the symbols. */
  readonly memory: Readonly<Record<MemoryType, Expression>>;
  readonly functions: readonly KernelFunction[];
  readonly kernels: readonly Kernel[];
  /**
   * Before the steps, and of weights alone: what they leave is good until a weight changes. Runners
   * may do them once, or at every run.
   */
  readonly prepare: readonly ProgramStep[];
  readonly steps: readonly ProgramStep[];
}

export interface ProgramParameter {
  readonly name: string;
  readonly role: 'input' | 'weight' | 'state' | 'control';
  readonly dtype: ElementType;
  readonly shape: readonly Dim[];
  /** Its tensor, by position. */
  readonly tensor: number;
  /** Of an int that chooses a row: ids from 0 below this are valid where they count. */
  readonly ids?: IdRange;
}

/** The ids that an input may hold, so that a wrong one is found before anything is dispatched. */
export interface IdRange {
  readonly below: Dim;
  /** Whether ids below 0 are valid too: a target that does not count. */
  readonly negative: boolean;
  /** The parameter with the lengths of its sequences: what lies past them is not looked at. */
  readonly lengths?: string;
}

export interface ProgramResult {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly Dim[];
  readonly tensor: number;
  /** The parameter whose next value this is: it lies where that parameter lies. */
  readonly feeds?: string;
}

export interface ProgramTensor {
  /** For people: `lstm.l0.a`. Unique. */
  readonly name: string;
  readonly element: MemoryType;
  /** Elements, over the symbols. */
  readonly length: Expression;
  /** First element in its arena, over the symbols; a multiple of 4. */
  readonly offset: Expression;
}

/** In the order in which they run. */
export function allSteps({ prepare, steps }: Program): readonly ProgramStep[] {
  return [...prepare, ...steps];
}

export type ProgramStep = Dispatch | Repeat;

export interface Dispatch {
  readonly kind: 'dispatch';
  /** By position, as are the tensors that its buffers stand for. */
  readonly kernel: number;
  readonly tensors: readonly number[];
  /** Values of the kernel's sizes, over the symbols. */
  readonly sizes: readonly Expression[];
  /** The kernel's time step, over the symbols and the variable of the loop around. */
  readonly step?: Expression;
  /** Workgroups along each axis, over the symbols; no dispatch where one is 0. */
  readonly groups: readonly [Expression, Expression, Expression];
  /** Where in the spec it came from, for messages: `std/lstm.gate:7:13 lstm.l0`. */
  readonly origin?: string;
}

/** A loop over time whose steps are dispatches. Loops do not nest. */
export interface Repeat {
  readonly kind: 'repeat';
  readonly variable: string;
  readonly count: Expression;
  readonly body: readonly Dispatch[];
}
