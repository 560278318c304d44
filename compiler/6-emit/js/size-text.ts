/**
 * Whole-number arithmetic over the symbols of a program. Whoever lays out its memory has computed
 * each part of it exactly and seen that it fits into 32 bits, so that nothing is ever cut here.
 */
import type { BinaryOp, Expression } from '../../../runtime/artifact/kernel.ts';
import { CompilerBug, present } from '../../base/bug.ts';
import { enclosed, level, type Level } from './levels.ts';

const infixes: Partial<Record<BinaryOp, readonly [string, Level, Level]>> = {
  add: ['+', level.sum, level.sum],
  sub: ['-', level.sum, level.product],
  mul: ['*', level.product, level.unary],
  mod: ['%', level.product, level.unary],
};

export function sizeText(
  e: Expression,
  names: ReadonlyMap<string, string>,
  help: (helper: 'min' | 'max') => void,
  asked: Level = level.assignment,
): string {
  const part = (of: Expression, at?: Level): string => sizeText(of, names, help, at);
  switch (e.kind) {
    case 'number':
      return enclosed(String(e.value), e.value < 0 ? level.unary : level.primary, asked);
    case 'size':
      return present(names.get(e.name), `size ${e.name}`);
    case 'binary':
      break;
    default:
      throw new CompilerBug('js', `${e.kind} is no size`);
  }
  const { op, x, y } = e;
  if (op === 'min' || op === 'max') {
    help(op);
    return `${op}(${part(x)}, ${part(y)})`;
  }
  if (op === 'div') {
    const quotient = `${part(x, level.product)} / ${part(y, level.unary)} | 0`;
    return enclosed(quotient, level.bitOr, asked);
  }
  const [symbol, binds, right] = present(infixes[op], `${op} of sizes`);
  return enclosed(`${part(x, binds)} ${symbol} ${part(y, right)}`, binds, asked);
}
