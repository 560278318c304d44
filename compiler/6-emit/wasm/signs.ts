/**
 * Which whole numbers are known not to be negative: surely, or as far as they count elements. Those
 * are sums and products of such that could go beyond 32 bits, were it not that what they count has
 * been found to fit; they are relied on in an index alone.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';

export type Sign = 'any' | 'index' | 'natural';

export const anySign = (): Sign => 'any';

interface Locals {
  get(name: string): { readonly sign: () => Sign } | undefined;
}

export function signOf(e: Expression, locals: Locals): Sign {
  const of = (part: Expression): Sign => signOf(part, locals);
  switch (e.kind) {
    case 'number':
      return e.value >= 0 ? 'natural' : 'any';
    case 'size':
    case 'step':
    case 'place':
      return 'natural';
    case 'local':
      return locals.get(e.name)?.sign() ?? 'any';
    case 'select':
      return weaker(of(e.yes), of(e.no));
    case 'binary':
      return signOfBinary(e, of);
    case 'unary':
    case 'load':
    case 'call':
    case 'lane':
    case 'pack':
      return 'any';
  }
  e satisfies never;
}

function signOfBinary(
  { op, x, y }: Extract<Expression, { kind: 'binary' }>,
  of: (e: Expression) => Sign,
): Sign {
  const by = y.kind === 'number' ? y.value : undefined;
  switch (op) {
    case 'add':
    case 'mul':
      return weaker('index', weaker(of(x), of(y)));
    case 'shiftLeft':
      return by === undefined ? 'any' : weaker('index', of(x));
    case 'div':
    case 'min':
    case 'bitOr':
    case 'bitXor':
      return weaker(of(x), of(y));
    case 'mod':
      return of(y);
    case 'max':
    case 'bitAnd':
      return stronger(of(x), of(y));
    case 'shiftRight':
      return by !== undefined && by > 0 && by < 32 ? 'natural' : of(x);
    default:
      return 'any';
  }
}

function weaker(x: Sign, y: Sign): Sign {
  if (x === 'any' || y === 'any') return 'any';
  return x === 'index' ? x : y;
}

function stronger(x: Sign, y: Sign): Sign {
  if (x === 'natural' || y === 'natural') return 'natural';
  return x === 'any' ? y : x;
}
