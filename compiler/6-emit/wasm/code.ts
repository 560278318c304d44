/**
 * The body of one function while it is written: instructions one after another, and locals that are
 * handed out and, once given back, handed out again.
 */
import { Bytes } from './bytes.ts';
import { noResult, op, valueType, type WasmType } from './opcodes.ts';

export class Code {
  private readonly bytes = new Bytes();
  private readonly parameters: number;
  private readonly locals: WasmType[] = [];
  private readonly free: Record<WasmType, number[]> = { i32: [], f32: [], v128: [] };

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  /** A local that nothing else uses until it is released; its value is whatever was in it. */
  local(type: WasmType): number {
    return this.free[type].pop() ?? this.parameters + this.locals.push(type) - 1;
  }

  release(local: number): void {
    const type = this.locals[local - this.parameters];
    if (type !== undefined) this.free[type].push(local);
  }

  /** An instruction, with its immediate operands where they are plain numbers. */
  op(code: number, ...immediates: readonly number[]): void {
    if (code < 0x100) {
      this.bytes.byte(code);
    } else {
      this.bytes.byte(code >>> 16);
      this.bytes.unsigned(code & 0xffff);
    }
    for (const immediate of immediates) this.bytes.unsigned(immediate);
  }

  i32(value: number): void {
    this.bytes.byte(op.i32Const);
    this.bytes.signed(value);
  }

  /** A number of 32 bits as an i64. */
  i64(value: number): void {
    this.bytes.byte(op.i64Const);
    this.bytes.signed(value);
  }

  f32(value: number): void {
    this.bytes.byte(op.f32Const);
    this.bytes.float(value);
  }

  /** A v128 of these four words, or of the same word four times. */
  words(...words: readonly number[]): void {
    this.op(op.v128Const);
    for (let lane = 0; lane < 4; lane++) this.bytes.word(words[lane % words.length] ?? 0);
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
    this.bytes.byte(code);
    this.bytes.byte(result === undefined ? noResult : valueType[result]);
  }

  end(): void {
    this.bytes.byte(op.end);
  }

  /** As a module holds it: locals in runs of one type, instructions, `end`. */
  finish(): Bytes {
    const runs: { type: WasmType; count: number }[] = [];
    for (const type of this.locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const whole = new Bytes();
    whole.unsigned(runs.length);
    for (const { type, count } of runs) {
      whole.unsigned(count);
      whole.byte(valueType[type]);
    }
    whole.append(this.bytes);
    whole.byte(op.end);
    return whole;
  }
}
