/**
 * The body of one function while it is written: instructions one after another, and locals that are
 * handed out and, once given back, handed out again.
 */
import type { Body, Instruction } from './instruction.ts';
import { noResult, op, valueType, type WasmType } from './opcodes.ts';

export class Code {
  /** How many parameters the function has: the locals of lower numbers. */
  readonly parameters: number;
  /** What has been written, with a local of its own each time that one was asked for. */
  readonly instructions: Instruction[] = [];
  /** The types of these locals, without parameters. */
  readonly types: WasmType[] = [];
  /** Which of those that the function will have each of these is. */
  private readonly shared: number[] = [];
  private readonly sharedTypes: WasmType[] = [];
  private readonly free: Record<WasmType, number[]> = { i32: [], f32: [], v128: [] };

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  /** A local that nothing else uses until it is released; its value is whatever was in it. */
  local(type: WasmType): number {
    this.shared.push(this.free[type].pop() ?? this.sharedTypes.push(type) - 1);
    return this.parameters + this.types.push(type) - 1;
  }

  release(local: number): void {
    const at = this.shared[local - this.parameters];
    const type = this.types[local - this.parameters];
    if (at !== undefined && type !== undefined) this.free[type].push(at);
  }

  /** An instruction, with its immediate operands where they are plain numbers. */
  op(code: number, ...immediates: readonly number[]): void {
    this.instructions.push({ code, immediates });
  }

  i32(value: number): void {
    this.op(op.i32Const, value | 0);
  }

  /** A number of 32 bits as an i64. */
  i64(value: number): void {
    this.op(op.i64Const, value | 0);
  }

  f32(value: number): void {
    this.op(op.f32Const, value);
  }

  /** A v128 of these four words, or of the same word four times. */
  words(...words: readonly number[]): void {
    const lanes = [0, 1, 2, 3].map((lane) => (words[lane % words.length] ?? 0) | 0);
    this.op(op.v128Const, ...lanes);
  }

  get(local: number): void {
    this.op(op.localGet, local);
  }

  set(local: number): void {
    this.op(op.localSet, local);
  }

  tee(local: number): void {
    this.op(op.localTee, local);
  }

  /** To or from memory; `alignment` is the power of two that the address is a multiple of. */
  access(code: number, alignment: number, offset: number): void {
    this.op(code, alignment, offset);
  }

  /** `block`, `loop` or `if`, up to its `end`. */
  open(code: number, result?: WasmType): void {
    this.op(code, result === undefined ? noResult : valueType[result]);
  }

  end(): void {
    this.op(op.end);
  }

  /** As a module holds it: with locals that are handed out more than once. */
  finish(): Body {
    const instructions = this.instructions.map((one) => this.withSharedLocal(one));
    return { locals: this.sharedTypes, instructions };
  }

  private withSharedLocal(instruction: Instruction): Instruction {
    const { code, immediates } = instruction;
    if (code !== op.localGet && code !== op.localSet && code !== op.localTee) return instruction;
    const at = this.shared[(immediates[0] ?? 0) - this.parameters];
    return at === undefined ? instruction : { code, immediates: [this.parameters + at] };
  }
}
