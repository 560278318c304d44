/** One instruction as text. What it takes stands before it, in the order of the bytes. */
import { noResult, op, valueType } from '../opcodes.ts';
import type { Instruction } from '../instruction.ts';
import { nameOf } from './instruction-names.ts';

export function printInstruction({ code, immediates }: Instruction): string {
  return [nameOf(code), ...operandsOf(code, immediates)].join(' ');
}

function operandsOf(code: number, immediates: readonly number[]): readonly (string | number)[] {
  switch (code) {
    case op.block:
    case op.loop:
    case op.if:
      return resultOf(immediates[0]);
    case op.f32Const:
      return immediates.map(printFloat);
    case op.v128Const:
      return ['i32x4', ...immediates.map(hexWord)];
    case op.memoryFill:
      return [];
    default:
      return accesses.test(nameOf(code)) ? accessOf(immediates) : immediates;
  }
}

/** What goes to memory or comes from there: of alignment and offset, and of a lane. */
const accesses = /\.(load|store|atomic)/;

function accessOf([alignment = 0, offset = 0, ...lane]: readonly number[]): (string | number)[] {
  return [...(offset === 0 ? [] : [`offset=${offset >>> 0}`]), `align=${2 ** alignment}`, ...lane];
}

function resultOf(byte: number | undefined): string[] {
  if (byte === undefined || byte === noResult) return [];
  const type = Object.entries(valueType).find(([, value]) => value === byte)?.[0] ?? '';
  return [`(result ${type})`];
}

/** Of the nearest f32 all bits. */
function printFloat(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return nanOf(value);
  const sign = rounded < 0 || Object.is(rounded, -0) ? '-' : '';
  return Number.isFinite(rounded) ? sign + String(Math.abs(rounded)) : `${sign}inf`;
}

/** As `Bytes.float` writes it. */
function nanOf(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  return `${bits >>> 31 === 1 ? '-' : ''}nan:0x${(bits & 0x7f_ffff).toString(16)}`;
}

function hexWord(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}
