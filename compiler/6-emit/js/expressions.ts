/**
 * Expressions of kernels without f32x4 as JavaScript. f32 are rounded with `R` (Math.fround) after
 * each operation, which is exact, since f64 has more than twice the bits; whole numbers are cut to
 * 32 bits; bools are those of JavaScript.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { CompilerBug } from '../../base/bug.ts';
import { add, int, typeOf } from '../../kernel/build.ts';
import { binaryPiece } from './binaries.ts';
import type { Context } from './context.ts';
import { level, type Level } from './levels.ts';
import { numberPiece } from './numbers.ts';
import { cut, rounded, settled, sumOf, textAt, unsettled, type Piece } from './pieces.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

/** The very value, as an operand of what binds that tightly. */
export function valueText(
  e: Expression,
  context: Context,
  asked: Level = level.assignment,
): string {
  return textAt(valuePiece(e, context), asked);
}

/** For what rounds to f32 or cuts to 32 bits by itself. */
export function looseText(
  e: Expression,
  context: Context,
  asked: Level = level.assignment,
): string {
  return textAt(pieceOf(e, context), asked);
}

function valuePiece(e: Expression, context: Context): Piece {
  const piece = pieceOf(e, context);
  if (piece.settled) return piece;
  if (typeOf(e) === 'i32') return cut(piece);
  context.help('R');
  return rounded(piece);
}

function pieceOf(e: Expression, context: Context): Piece {
  switch (e.kind) {
    case 'number':
      return numberPiece(e.type, e.value);
    case 'size':
      return context.size(e.name);
    case 'step':
      return context.step();
    case 'place':
      return e.of === 'invocation' ? numberPiece('i32', 0) : context.workgroup(e.axis);
    case 'local':
      return settled(context.names.of(e.name));
    case 'load':
      return settled(elementText(e.memory, e.index, context));
    case 'unary':
      return unaryPiece(e, context);
    case 'binary':
      return binaryPiece(e, context, { pieceOf, valuePiece });
    case 'select':
      return selectPiece(e, context);
    case 'call': {
      const given = e.arguments.map((argument) => valueText(argument, context));
      return settled(`${context.function(e.function)}(${given.join(', ')})`);
    }
    case 'lane':
    case 'pack':
      throw new CompilerBug('js', `${e.kind} where there is no f32x4`);
  }
  e satisfies never;
}

/** `F[A + b + 3 | 0]`. */
export function elementText(memory: string, index: Expression, context: Context): string {
  const { array, base, offset } = context.place(memory);
  const begin = base?.();
  const within = pieceOf(add(index, int(offset)), context);
  const at = begin === undefined ? within : sumOf(begin, '+', within);
  return `${array()}[${textAt(cut(at), level.assignment)}]`;
}

/** Both sides may be evaluated, and need not be. */
function selectPiece({ condition, yes, no }: Of<'select'>, context: Context): Piece {
  const [x, y] = [pieceOf(yes, context), pieceOf(no, context)];
  const sides = `${textAt(x, level.assignment)} : ${textAt(y, level.assignment)}`;
  return {
    text: `${valueText(condition, context, level.or)} ? ${sides}`,
    binds: level.conditional,
    settled: x.settled && y.settled,
    bound: Math.max(x.bound, y.bound),
  };
}

function unaryPiece(e: Of<'unary'>, context: Context): Piece {
  const { op, x, type } = e;
  const call = (name: 'abs' | 'floor' | 'sqrt' | 'Q'): string => {
    context.help(name);
    return `${name}(${valueText(x, context)})`;
  };
  switch (op) {
    case 'neg': {
      // Rounding knows no difference between above and below 0.
      const operand = pieceOf(x, context);
      const isSettled = operand.settled && type === 'f32';
      const text = `-${operandOfMinus(operand)}`;
      return { text, binds: level.unary, settled: isSettled, bound: operand.bound };
    }
    case 'abs':
      // Of -2^31 there is no i32.
      return type === 'i32' ? unsettled(call(op), level.primary) : settled(call(op));
    case 'floor':
      return settled(call(op));
    case 'sqrt':
      return unsettled(call(op), level.primary);
    case 'not':
      return settled(`!${valueText(x, context, level.unary)}`, level.unary);
    case 'toFloat': {
      const whole = valuePiece(x, context);
      return { ...whole, settled: whole.bound <= 2 ** 24 };
    }
    case 'toInt':
      return settled(call('Q'));
    case 'toBits':
      context.help('V');
      return settled(`(V[0] = ${looseText(x, context)}, W[0])`);
    case 'fromBits':
      context.help('V');
      return settled(`(W[0] = ${looseText(x, context)}, V[0])`);
    case 'splat':
    case 'fromBytes':
      throw new CompilerBug('js', `${op} where there is no f32x4`);
  }
  op satisfies never;
}

/** `--` would be a token. */
function operandOfMinus(x: Piece): string {
  const text = textAt(x, level.unary);
  return text.startsWith('-') ? `(${text})` : text;
}
