/** Operations on two values as JavaScript. */
import type { BinaryOp, Expression } from '../../../runtime/artifact/kernel.ts';
import { CompilerBug } from '../../base/bug.ts';
import { typeOf } from '../../kernel/build.ts';
import type { Context } from './context.ts';
import { level, type Level } from './levels.ts';
import { cut, settled, productOf, sumOf, textAt, unsettled, type Piece } from './pieces.ts';

type Binary = Extract<Expression, { readonly kind: 'binary' }>;
type Print = (e: Expression, context: Context) => Piece;

/** How operands become text: the parts of the printer do not know each other. */
export interface Operands {
  readonly pieceOf: Print;
  /** The very value. */
  readonly valuePiece: Print;
}

export function binaryPiece(e: Binary, context: Context, operands: Operands): Piece {
  const shared = sharedPiece(e, context, operands);
  if (shared !== undefined) return shared;
  const ofFloats = typeOf(e.x) === 'f32';
  const piece = ofFloats ? floatPiece(e, context, operands) : wholePiece(e, context, operands);
  if (piece === undefined) throw new CompilerBug('js', `there is no ${e.op} of ${typeOf(e.x)}`);
  return piece;
}

interface Infix {
  readonly symbol: string;
  readonly binds: Level;
  /** What its right operand must bind like; the left one like itself. */
  readonly right: Level;
}

const comparisons: Partial<Record<BinaryOp, Infix>> = {
  less: { symbol: '<', binds: level.relation, right: level.shift },
  lessEqual: { symbol: '<=', binds: level.relation, right: level.shift },
  equal: { symbol: '==', binds: level.equality, right: level.relation },
  notEqual: { symbol: '!=', binds: level.equality, right: level.relation },
  and: { symbol: '&&', binds: level.and, right: level.and },
  or: { symbol: '||', binds: level.or, right: level.or },
};

/** What is written alike for f32 and whole numbers: what gives a bool, `min` and `max`. */
function sharedPiece(
  { op, x, y }: Binary,
  context: Context,
  operands: Operands,
): Piece | undefined {
  const [left, right] = [x, y].map((e) => (at: Level) => {
    return textAt(operands.valuePiece(e, context), at);
  });
  if (left === undefined || right === undefined) return undefined;
  if (op === 'min' || op === 'max') {
    context.help(op);
    return settled(`${op}(${left(level.assignment)}, ${right(level.assignment)})`);
  }
  const infix = comparisons[op];
  if (infix === undefined) return undefined;
  const text = `${left(infix.binds)} ${infix.symbol} ${right(infix.right)}`;
  return settled(text, infix.binds);
}

const ofFloats: Partial<Record<BinaryOp, Infix>> = {
  add: { symbol: '+', binds: level.sum, right: level.product },
  sub: { symbol: '-', binds: level.sum, right: level.product },
  mul: { symbol: '*', binds: level.product, right: level.unary },
  div: { symbol: '/', binds: level.product, right: level.unary },
};

/** Operands are rounded already, so that rounding the result once more gives that of f32. */
function floatPiece(
  { op, x, y }: Binary,
  context: Context,
  { valuePiece }: Operands,
): Piece | undefined {
  const infix = ofFloats[op];
  if (infix === undefined) return undefined;
  const [left, right] = [valuePiece(x, context), valuePiece(y, context)];
  const text = `${textAt(left, infix.binds)} ${infix.symbol} ${textAt(right, infix.right)}`;
  return unsettled(text, infix.binds);
}

const ofBits: Partial<Record<BinaryOp, Infix>> = {
  bitAnd: { symbol: '&', binds: level.bitAnd, right: level.bitAnd },
  bitOr: { symbol: '|', binds: level.bitOr, right: level.bitOr },
  bitXor: { symbol: '^', binds: level.bitXor, right: level.bitXor },
  shiftLeft: { symbol: '<<', binds: level.shift, right: level.sum },
  shiftRight: { symbol: '>>>', binds: level.shift, right: level.sum },
};

function wholePiece(e: Binary, context: Context, operands: Operands): Piece | undefined {
  const { op } = e;
  const [x, y] = [operands.pieceOf(e.x, context), operands.pieceOf(e.y, context)];
  const bits = ofBits[op];
  if (bits !== undefined) {
    const text = `${textAt(x, bits.binds)} ${bits.symbol} ${textAt(y, bits.right)}`;
    // What comes out of `>>>` has no sign.
    if (op === 'shiftRight') return unsettled(text, bits.binds, 2 ** 32);
    const mask = op === 'bitAnd' && e.y.kind === 'number' ? e.y.value : -1;
    return settled(text, bits.binds, mask < 0 ? undefined : mask);
  }
  switch (op) {
    case 'add':
      return sumOf(x, '+', y);
    case 'sub':
      return sumOf(x, '-', y);
    case 'mul': {
      const product = productOf(x, y);
      if (product !== undefined) return product;
      context.help('M');
      return settled(`M(${textAt(x, level.assignment)}, ${textAt(y, level.assignment)})`);
    }
    case 'div':
      // By 0 something comes out: infinity and NaN are cut to 0.
      return cut(unsettled(quotientText(x, '/', y), level.product));
    case 'mod':
      return unsettled(quotientText(x, '%', y), level.product);
    default:
      return undefined;
  }
}

function quotientText(x: Piece, symbol: '/' | '%', y: Piece): string {
  return `${textAt(cut(x), level.product)} ${symbol} ${textAt(cut(y), level.unary)}`;
}
