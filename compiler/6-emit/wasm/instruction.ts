/** One instruction as it is written: what it does, then its operands that are part of the code. */
import type { Bytes } from './bytes.ts';
import { op, valueType, type WasmType } from './opcodes.ts';

export interface Instruction {
  readonly code: number;
  /**
   * Of constants their numbers, of v128 four words; of loads and stores the alignment as a power of
   * two, the offset in bytes and, if there is one, the lane; of `block`, `loop` and `if` the byte
   * that stands for what they leave.
   */
  readonly immediates: readonly number[];
}

export function writeInstruction(to: Bytes, { code, immediates }: Instruction): void {
  if (code < 0x100) {
    to.byte(code);
  } else {
    to.byte(code >>> 16);
    to.unsigned(code & 0xffff);
  }
  for (const immediate of immediates) {
    switch (code) {
      case op.i32Const:
      case op.i64Const:
        to.signed(immediate);
        break;
      case op.f32Const:
        to.float(immediate);
        break;
      case op.v128Const:
        to.word(immediate);
        break;
      default:
        to.unsigned(immediate);
    }
  }
}

/** Of a function: its locals without its parameters, and what it does. */
export interface Body {
  readonly locals: readonly WasmType[];
  readonly instructions: readonly Instruction[];
}

/** Locals in runs of one type, instructions, `end`. */
export function writeBody(to: Bytes, { locals, instructions }: Body): void {
  const runs: { type: WasmType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  to.unsigned(runs.length);
  for (const { type, count } of runs) {
    to.unsigned(count);
    to.byte(valueType[type]);
  }
  for (const instruction of instructions) writeInstruction(to, instruction);
  to.byte(op.end);
}
