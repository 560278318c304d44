/**
 * Loops by fours as loops by elements: where all that a turn does is done to elements from its
 * variable on, as in copies and in what is done element by element, lanes and turns are one.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { int, typeOf } from '../../kernel/build.ts';
import { partsOf } from '../../kernel/walk.ts';
import { stretchOf, waitingStores } from './lane-stretch.ts';
import { laneStatements } from './lane-values.ts';

type For = Extract<Statement, { readonly kind: 'for' }>;
type Outside = ReadonlyMap<string, Expression>;

/** The loop by elements; undefined where it is none. */
export function flattened(loop: For, outside: Outside): Statement | undefined {
  const { step, from, to, variable, body } = loop;
  if (step.kind !== 'number' || step.value !== 4) return undefined;
  if (!isMultipleOfFour(from) || !isMultipleOfFour(to)) return undefined;
  const stretch = stretchOf(body, outside);
  if (stretch === undefined || waitingStores(stretch)?.length !== 0) return undefined;
  const slopes = new Map([[variable, 1]]);
  if (!body.every((s) => goesAlong(s, slopes, outside))) return undefined;
  const lanes = { lane: undefined, outside, aside: new Map() };
  return { ...loop, step: int(1), body: laneStatements(body, lanes) };
}

function isMultipleOfFour(e: Expression): boolean {
  if (e.kind === 'number') return e.value % 4 === 0;
  if (e.kind !== 'binary') return false;
  const [x, y] = [isMultipleOfFour(e.x), isMultipleOfFour(e.y)];
  return e.op === 'mul' ? x || y : (e.op === 'add' || e.op === 'sub') && x && y;
}

/** `slopes`: by how much whole numbers grow with the loop's variable, if by 1. */
function goesAlong(s: Statement, slopes: Map<string, number>, outside: Outside): boolean {
  switch (s.kind) {
    case 'let': {
      if (typeOf(s.value) === 'f32x4') return fourGoesAlong(s.value, slopes, outside);
      if (typeOf(s.value) !== 'i32') return slopeOf(s.value, slopes) === 0;
      const slope = slopeOf(s.value, slopes);
      if (slope === 1) slopes.set(s.name, slope);
      return slope !== undefined;
    }
    case 'store':
      return slopeOf(s.index, slopes) === 1 && fourGoesAlong(s.value, slopes, outside);
    case 'comment':
      return true;
    case 'var':
    case 'assign':
    case 'for':
    case 'while':
    case 'if':
    case 'barrier':
      return false;
  }
  s satisfies never;
}

/** Whether its lanes are what the next turns would have as their first. */
function fourGoesAlong(e: Expression, slopes: Map<string, number>, outside: Outside): boolean {
  if (e.kind === 'load') return slopeOf(e.index, slopes) === 1;
  if (e.kind === 'unary' && e.op === 'splat') return slopeOf(e.x, slopes) === 0;
  if (e.kind === 'unary' && e.op === 'fromBytes') return false;
  if (e.kind === 'select' && slopeOf(e.condition, slopes) !== 0) return false;
  if (e.kind === 'local') {
    const value = outside.get(e.name);
    return value === undefined || fourGoesAlong(value, slopes, outside);
  }
  return partsOf(e).every(
    (part) => typeOf(part) !== 'f32x4' || fourGoesAlong(part, slopes, outside),
  );
}

/** 0 where it does not change; undefined where it changes by more than 1, or in another way. */
function slopeOf(e: Expression, slopes: ReadonlyMap<string, number>): number | undefined {
  if (e.kind === 'local') return slopes.get(e.name) ?? 0;
  const parts = partsOf(e).map((part) => slopeOf(part, slopes));
  if (parts.every((slope) => slope === 0)) return 0;
  if (e.kind !== 'binary' || (e.op !== 'add' && e.op !== 'sub')) return undefined;
  const [x, y] = parts;
  return (x === 1 && y === 0) || (x === 0 && y === 1 && e.op === 'add') ? 1 : undefined;
}
