/**
 * Loads and stores. A place that holds f32x4 is indexed by fours, and has its single elements as
 * components; one that holds single elements gives a four by a function of its own.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { add, int, mul, typeOf } from '../../kernel/build.ts';
import type { Context, Place } from './context.ts';
import { loadFourCall, storeFourCall } from './own-functions.ts';
import { type Level, level } from './levels.ts';

type Load = Extract<Expression, { kind: 'load' }>;
type Store = Extract<Statement, { kind: 'store' }>;

/** Prints an expression that is part of an address or a value. */
export type Print = (e: Expression, asked: Level) => string;

export function loadText({ memory, index, type }: Load, context: Context, print: Print): string {
  const place = placeOf(memory, context);
  if (type === 'f32x4' && place.holds === 'elements') {
    return loadFourCall(place, elementIndex(place, index, print), context);
  }
  return referenceText(place, index, type === 'f32x4', print);
}

export function storeText({ memory, index, value }: Store, context: Context, print: Print): string {
  const place = placeOf(memory, context);
  const fours = typeOf(value) === 'f32x4';
  const text = print(value, level.any);
  if (fours && place.holds === 'elements') {
    return storeFourCall(place, elementIndex(place, index, print), text, context);
  }
  return `${referenceText(place, index, fours, print)} = ${text}`;
}

function placeOf(memory: string, { places, usedBuffers, needs }: Context): Place {
  const place = present(places.get(memory), `the memory ${memory}`);
  if (place.space === 'buffer') {
    usedBuffers.add(memory);
    needs.add(place.array === 'ints' ? 'ints' : 'floats');
  }
  return place;
}

function referenceText(place: Place, index: Expression, fours: boolean, print: Print): string {
  const { array } = place;
  if (place.holds === 'elements') return `${array}[${elementIndex(place, index, print)}]`;
  const four = `${array}[${fourIndex(place, index, print)}]`;
  if (fours) return four;
  const lane =
    index.kind === 'number' ? String(index.value & 3) : `${print(index, level.unary)} & 3`;
  return `${four}[${lane}]`;
}

function elementIndex({ base }: Place, index: Expression, print: Print): string {
  if (base === undefined) return print(index, level.any);
  if (index.kind === 'number' && index.value === 0) return base;
  return `${base} + ${print(index, level.sum)}`;
}

function fourIndex(place: Place, index: Expression, print: Print): string {
  const { base, isElementBase } = place;
  if (isElementBase === true) return `(${elementIndex(place, index, print)}) >> 2u`;
  const four = fourOf(index);
  if (four?.kind === 'number' && four.value === 0 && base !== undefined) return base;
  const text = four === undefined ? `(${print(index, level.unary)} >> 2u)` : print(four, level.sum);
  return base === undefined ? text : `${base} + ${text}`;
}

/** Which four an index lies in, where its form shows that without a shift. */
function fourOf(index: Expression): Expression | undefined {
  if (index.kind === 'number') return int(index.value >> 2);
  if (index.kind === 'binary' && index.op === 'add' && index.y.kind === 'number') {
    const quarter = quarterOf(index.x);
    return quarter === undefined ? undefined : add(quarter, int(index.y.value >> 2));
  }
  return quarterOf(index);
}

/** A quarter of an expression whose form shows that it is a multiple of 4. */
function quarterOf(e: Expression): Expression | undefined {
  if (isFours(e)) return int(e.value / 4);
  if (e.kind !== 'binary') return undefined;
  const { op, x, y } = e;
  if (op === 'mul') {
    if (isFours(y)) return mul(x, int(y.value / 4));
    if (isFours(x)) return mul(int(x.value / 4), y);
  }
  if (op === 'add') {
    const [left, right] = [quarterOf(x), quarterOf(y)];
    return left === undefined || right === undefined ? undefined : add(left, right);
  }
  return undefined;
}

function isFours(e: Expression): e is Extract<Expression, { kind: 'number' }> {
  return e.kind === 'number' && e.value % 4 === 0;
}
