/** Four f32 put together, by as few instructions as their parts allow. */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { bitsOf, emitUnary } from './arithmetic.ts';
import type { Context, Of } from './context.ts';
import { sum, termsKey } from './linear.ts';
import { linearOf, type LinearScope } from './linear-of.ts';
import { emitLaneInto, emitLoadOfFour } from './memory.ts';
import { op } from './opcodes.ts';

export function emitPack({ parts }: Of<'pack'>, context: Context): void {
  const first = present(parts[0], 'a first lane');
  if (parts.every((part) => isSameLeaf(part, first))) {
    return emitUnary({ kind: 'unary', op: 'splat', x: first, type: 'f32x4' }, context);
  }
  if (first.kind === 'load' && parts.every((part, i) => isAhead(part, first, i, context))) {
    return emitLoadOfFour(first, context);
  }
  if (emitAsConstant(parts, context) || emitAsShuffle(parts, context)) return;
  emitUnary({ kind: 'unary', op: 'splat', x: first, type: 'f32x4' }, context);
  parts.forEach((part, lane) => {
    if (lane > 0) emitReplaced(part, lane, context);
  });
}

function isSameLeaf(x: Expression, y: Expression): boolean {
  if (x.kind === 'local') return y.kind === 'local' && x.name === y.name;
  return x.kind === 'number' && y.kind === 'number' && Object.is(x.value, y.value);
}

/** Whether it is a load of the element that lies so far behind that of `first`. */
function isAhead(part: Expression, first: Of<'load'>, by: number, context: Context): boolean {
  if (part.kind !== 'load' || part.memory !== first.memory) return false;
  if (part === first) return by === 0;
  const isFixed = (name: string): boolean => context.locals.get(name)?.fixed === true;
  const scope: LinearScope = { context, isFixed };
  const [x, y] = [linearOf(part.index, scope), linearOf(first.index, scope)];
  if (x === undefined || y === undefined) return false;
  const apart = sum(x, y, -1);
  return termsKey(apart) === '' && apart.constant === by;
}

function emitAsConstant(parts: readonly Expression[], { code }: Context): boolean {
  const words = parts.flatMap((part) => (part.kind === 'number' ? [bitsOf(part.value)] : []));
  if (words.length < 4) return false;
  code.words(...words);
  return true;
}

/** Lanes of one local, or of two, are moved together. */
function emitAsShuffle(parts: readonly Expression[], context: Context): boolean {
  const lanes = parts.flatMap((part) =>
    part.kind === 'lane' && part.x.kind === 'local' ? [{ lane: part.lane, of: part.x }] : [],
  );
  const names = [...new Set(lanes.map(({ of }) => of.name))];
  const [left, right = left] = names;
  if (lanes.length < 4 || names.length > 2 || left === undefined || right === undefined) {
    return false;
  }
  const { code, locals } = context;
  for (const name of [left, right]) code.get(present(locals.get(name)?.at, `local ${name}`));
  const bytes = lanes.flatMap(({ lane, of }) => {
    const from = 4 * lane + (of.name === left ? 0 : 16);
    return [from, from + 1, from + 2, from + 3];
  });
  code.op(op.i8x16Shuffle, ...bytes);
  return true;
}

/** The four on the stack with one of them replaced. */
function emitReplaced(part: Expression, lane: number, context: Context): void {
  if (part.kind === 'load') return emitLaneInto(part, lane, context);
  context.emit(part, context);
  context.code.op(op.f32x4ReplaceLane, lane);
}
