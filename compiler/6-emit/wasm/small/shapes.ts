/** What each instruction takes from the stack and leaves there, and whether it is an effect. */
import { present } from '../../../base/bug.ts';
import { op, type WasmType } from '../opcodes.ts';

export interface Shape {
  /** How many values it takes. */
  readonly takes: number;
  /** Undefined where it leaves nothing. */
  readonly leaves: WasmType | undefined;
}

type Name = keyof typeof op;

/** By what they take and leave: `2 i32` takes two values and leaves an i32. */
const families: Readonly<Record<string, readonly Name[]>> = {
  '0': ['unreachable', 'br', 'return', 'end', 'else', 'block', 'loop'],
  '1': ['brIf', 'drop', 'localSet', 'globalSet', 'if'],
  '2': ['i32Store', 'f32Store', 'v128Store', 'v128Store32Lane'],
  '3': ['memoryFill'],
  '0 i32': ['i32Const', 'i64Const'],
  '0 f32': ['f32Const'],
  '0 v128': ['v128Const'],
  '1 i32': [
    ...(['i32Load', 'i32Eqz', 'i32ReinterpretF32', 'i32TruncSatF32'] as const),
    ...(['i32x4ExtractLane', 'i32AtomicLoad'] as const),
  ],
  '2 i32': [
    ...(['i32Eq', 'i32Ne', 'i32LtS', 'i32LtU', 'i32GtS', 'i32LeS', 'i32GeS'] as const),
    ...(['f32Eq', 'f32Ne', 'f32Lt', 'f32Le', 'i32Add', 'i32Sub', 'i32Mul', 'i32DivS'] as const),
    ...(['i32DivU', 'i32RemU', 'i32And', 'i32Or', 'i32Xor', 'i32Shl', 'i32ShrS'] as const),
    ...(['i32ShrU', 'i64Mul', 'atomicNotify', 'i32AtomicAdd', 'i32AtomicAnd'] as const),
    'i32AtomicOr',
  ],
  '3 i32': ['atomicWait32'],
  '1 f32': [
    ...(['f32Load', 'f32Abs', 'f32Neg', 'f32Floor', 'f32Sqrt', 'f32ConvertI32'] as const),
    ...(['f32ReinterpretI32', 'f32x4ExtractLane'] as const),
  ],
  '2 f32': ['f32Add', 'f32Sub', 'f32Mul', 'f32Div', 'f32Min', 'f32Max'],
  '1 v128': [
    ...(['v128Load', 'v128Load32Splat', 'i32x4Splat', 'f32x4Splat', 'v128Not'] as const),
    ...(['f32x4Floor', 'i32x4Abs', 'i32x4Neg', 'f32x4Abs', 'f32x4Neg', 'f32x4Sqrt'] as const),
    ...(['i32x4TruncSatF32x4', 'f32x4ConvertI32x4', 'v128Load32Zero'] as const),
  ],
  '2 v128': [
    ...([
      'i8x16Swizzle',
      'i8x16Shuffle',
      'i32x4ReplaceLane',
      'f32x4ReplaceLane',
      'i32x4Eq',
      'i32x4Ne',
    ] as const),
    ...(['i32x4LtS', 'i32x4LeS', 'f32x4Eq', 'f32x4Ne', 'f32x4Lt', 'f32x4Le', 'v128And'] as const),
    ...(['v128Andnot', 'v128Or', 'v128Xor', 'v128Load32Lane', 'i32x4Shl', 'i32x4ShrU'] as const),
    ...(['i32x4Add', 'i32x4Sub', 'i32x4Mul', 'i32x4MinS', 'i32x4MaxS', 'f32x4Add'] as const),
    ...(['f32x4Sub', 'f32x4Mul', 'f32x4Div', 'f32x4Min', 'f32x4Max', 'f32x4Pmin'] as const),
    'f32x4Pmax',
  ],
  '3 v128': [
    ...(['v128Bitselect', 'f32x4RelaxedMadd', 'f32x4RelaxedNmadd'] as const),
    'i32x4RelaxedLaneselect',
  ],
};

const shapes = new Map<number, Shape>();
for (const [family, names] of Object.entries(families)) {
  const [takes, leaves] = family.split(' ');
  const shape = { takes: Number(takes), leaves: leaves as WasmType | undefined };
  for (const name of names) shapes.set(op[name], shape);
}

/** Of those whose shape is the same wherever they stand: not of calls, locals and `select`. */
export function shapeOf(code: number): Shape {
  return present(shapes.get(code), `the shape of instruction ${code}`);
}

/** Those that read memory or may trap: they keep their order with all that writes memory. */
export const reads: ReadonlySet<number> = new Set([
  ...[op.i32Load, op.f32Load, op.v128Load, op.v128Load32Splat, op.v128Load32Lane],
  op.v128Load32Zero,
  ...[op.i32DivS, op.i32DivU, op.i32RemU],
]);

/** Those that write memory, or do what other threads can see. */
export const writes: ReadonlySet<number> = new Set([
  ...[op.i32Store, op.f32Store, op.v128Store, op.v128Store32Lane, op.memoryFill],
  ...[op.i32AtomicLoad, op.i32AtomicAdd, op.i32AtomicAnd, op.i32AtomicOr],
  ...[op.atomicNotify, op.atomicWait32],
]);

/** Those after which what follows may not be come to. */
export const leavesOff: ReadonlySet<number> = new Set([
  ...[op.br, op.brIf, op.return, op.unreachable],
]);
