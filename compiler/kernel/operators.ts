/**
 * The ops of kernels as a printer, a reader and a verifier see them: which are written between
 * their operands and how tightly they bind, and what types they take and give.
 */
import type { BinaryOp, UnaryOp, ValueType } from '../../runtime/artifact/kernel.ts';

/** From the loosest to the tightest; all of them group to the left. */
const levels: readonly (readonly (readonly [BinaryOp, string])[])[] = [
  [['or', '||']],
  [['and', '&&']],
  [
    ['less', '<'],
    ['lessEqual', '<='],
    ['equal', '=='],
    ['notEqual', '!='],
  ],
  [['bitOr', '|']],
  [['bitXor', '^']],
  [['bitAnd', '&']],
  [
    ['shiftLeft', '<<'],
    ['shiftRight', '>>'],
  ],
  [
    ['add', '+'],
    ['sub', '-'],
  ],
  [
    ['mul', '*'],
    ['div', '/'],
    ['mod', '%'],
  ],
];

export interface Infix {
  readonly op: BinaryOp;
  readonly symbol: string;
  readonly level: number;
}

const infixes: readonly Infix[] = levels.flatMap((row, level) =>
  row.map(([op, symbol]) => ({ op, symbol, level })),
);
const byOp = new Map(infixes.map((infix) => [infix.op, infix]));
const bySymbol = new Map(infixes.map((infix) => [infix.symbol, infix]));

/** How tightly `-x` and `!x` bind: tighter than anything between two operands. */
export const unaryLevel = levels.length;

/** None for `min` and `max`, which are written like functions. */
export function infixOf(op: BinaryOp): Infix | undefined {
  return byOp.get(op);
}

export function infixNamed(symbol: string): Infix | undefined {
  return bySymbol.get(symbol);
}

const unaryFunctions: ReadonlyMap<string, UnaryOp> = new Map(
  (
    [
      ...(['abs', 'floor', 'sqrt', 'toFloat', 'toInt', 'toBits', 'fromBits', 'fromBytes'] as const),
      'splat',
    ] as const
  ).map((op) => [op, op]),
);

export function unaryNamed(name: string): UnaryOp | undefined {
  return unaryFunctions.get(name);
}

/** What the op gives for an operand of this type; nothing where it takes none such. */
export function unaryType(op: UnaryOp, x: ValueType): ValueType | undefined {
  switch (op) {
    case 'neg':
    case 'abs':
      return x === 'bool' ? undefined : x;
    case 'floor':
    case 'sqrt':
      return x === 'f32' || x === 'f32x4' ? x : undefined;
    case 'not':
      return x === 'bool' ? x : undefined;
    case 'toFloat':
    case 'fromBits':
      return x === 'i32' ? 'f32' : undefined;
    case 'toInt':
    case 'toBits':
      return x === 'f32' ? 'i32' : undefined;
    case 'splat':
      return x === 'f32' ? 'f32x4' : undefined;
    case 'fromBytes':
      return x === 'i32' ? 'f32x4' : undefined;
  }
  op satisfies never;
}

/** What the op gives for two operands of this type; nothing where it takes none such. */
export function binaryType(op: BinaryOp, of: ValueType): ValueType | undefined {
  switch (op) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
      return of === 'bool' ? undefined : of;
    case 'min':
    case 'max':
      return of === 'i32' || of === 'f32' ? of : undefined;
    case 'less':
    case 'lessEqual':
    case 'equal':
    case 'notEqual':
      return of === 'i32' || of === 'f32' ? 'bool' : undefined;
    case 'and':
    case 'or':
      return of === 'bool' ? of : undefined;
    case 'mod':
    case 'bitAnd':
    case 'bitOr':
    case 'bitXor':
    case 'shiftLeft':
    case 'shiftRight':
      return of === 'i32' ? of : undefined;
  }
  op satisfies never;
}
