/**
 * Four neighbouring elements at once. An index is known to begin such four where it is a multiple
 * of 4 by its making; a place has them next to each other, at a multiple of 4, where its last
 * stride is 1 and everything else that its addresses are made of is a multiple of 4.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { fixedValue, type Dim } from '../graph/dim.ts';
import * as k from '../kernel/build.ts';
import type { Emitter } from './emitter.ts';
import type { Place, Tensor } from './node.ts';

/** Elements of a quad. */
export const four = 4;

/** Whether an axis is made of whole quads. */
export function hasQuads(dim: Dim | undefined): boolean {
  const size = dim === undefined ? undefined : fixedValue(dim);
  return size !== undefined && size > 0 && size % four === 0;
}

/** Whether the four elements of a quad of the last axis lie next to each other, in one four. */
export function liesInQuads({ tensor, base, strides }: Place): boolean {
  const last = strides.at(-1);
  return (
    tensor.element === 'f32' &&
    last?.kind === 'number' &&
    last.value === 1 &&
    isMultiple(base) &&
    strides.slice(0, -1).every(isMultiple)
  );
}

/**
 * Whether a quad that begins inside a tensor ends inside it, too. Only where other elements than
 * those that are meant are read along with them does this have to be asked.
 */
export function isMadeOfQuads({ length }: Tensor): boolean {
  return length.terms.every(({ coefficient }) => coefficient % four === 0);
}

/** The index of each term that one turn of a sum's loop takes: neighbours along the last axis. */
export function termIndices(
  index: readonly Expression[],
  terms: number,
): readonly (readonly Expression[])[] {
  const last = index.at(-1);
  if (terms === 1 || last === undefined) return [index];
  const outer = index.slice(0, -1);
  return Array.from({ length: terms }, (_, q) => [...outer, k.add(last, k.int(q))]);
}

export interface QuadIndex {
  /** A multiple of 4. */
  readonly first: Expression;
  readonly lane: 0 | 1 | 2 | 3;
}

/** The quad that an index lies in, where it is known to begin at a multiple of 4. */
export function quadOf(index: Expression | undefined, emitter: Emitter): QuadIndex | undefined {
  if (index === undefined) return undefined;
  if (index.kind === 'local') {
    return emitter.isMultipleOfFour(index) ? { first: index, lane: 0 } : undefined;
  }
  if (index.kind !== 'binary' || index.op !== 'add') return undefined;
  const { x, y } = index;
  const [rest, offset] =
    y.kind === 'number' ? [x, y.value] : x.kind === 'number' ? [y, x.value] : [];
  if (rest === undefined || offset === undefined || offset < 0) return undefined;
  const inner = quadOf(rest, emitter);
  if (inner === undefined) return undefined;
  const total = inner.lane + offset;
  return { first: k.add(inner.first, k.int(total - (total % four))), lane: laneOf(total % four) };
}

/** The indices of the four from `first` on. */
export function lanesFrom(first: Expression): readonly Expression[] {
  return [0, 1, 2, 3].map((lane) => k.add(first, k.int(lane)));
}

export function laneOf(value: number): 0 | 1 | 2 | 3 {
  return value === 0 ? 0 : value === 1 ? 1 : value === 2 ? 2 : 3;
}

function isMultiple(e: Expression): boolean {
  if (e.kind === 'number') return e.value % four === 0;
  if (e.kind !== 'binary') return false;
  if (e.op === 'mul') return isMultiple(e.x) || isMultiple(e.y);
  return (e.op === 'add' || e.op === 'sub') && isMultiple(e.x) && isMultiple(e.y);
}
