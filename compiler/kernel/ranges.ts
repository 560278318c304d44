/**
 * What is known of a whole number before a kernel runs: the ends of its range, and its remainders
 * by 4. Where nothing is known, the range is all of 32 bits and the remainders are open.
 */
import type { BinaryOp, Expression } from '../../runtime/artifact/kernel.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
  /** Whether both ends really are taken, by some invocation at some turn. */
  readonly exact: boolean;
  /** Bit r is set where the number may be r modulo 4. */
  readonly remainders: number | undefined;
  /** Whether it really is each of them, for some invocation at some turn. */
  readonly exactRemainders: boolean;
  /** What it varies with, so that two of them are seen to vary independently. */
  readonly sources: ReadonlySet<string>;
}

export type Ranges = ReadonlyMap<string, Range>;

const least = -(2 ** 31);
const most = 2 ** 31 - 1;
const nothing: ReadonlySet<string> = new Set();

export const anything: Range = between(least, most);

/** At least `low` and at most `high`, not known to reach either. */
function between(low: number, high: number, remainders?: number): Range {
  return { low, high, exact: false, remainders, exactRemainders: false, sources: nothing };
}

function exactly(low: number, high: number, remainders: number): Range {
  return { low, high, exact: true, remainders, exactRemainders: true, sources: nothing };
}

/** `from`, `from + step`, …, below `to`; none where there is no such number. */
export function progression(
  from: number,
  to: number,
  step: number,
  source: string,
): Range | undefined {
  const turns = Math.ceil((to - from) / step);
  if (turns <= 0) return undefined;
  let remainders = 0;
  for (let i = 0; i < Math.min(turns, 4); i++) remainders |= bitOf(from + i * step);
  const high = from + (turns - 1) * step;
  return { ...exactly(from, high, remainders), sources: new Set([source]) };
}

/** A loop's variable where one of `from`, `to`, `step` is not fixed; none where it never turns. */
export function loopRange(from: Range, to: Range, step: Range): Range | undefined {
  if (to.high <= from.low) return undefined;
  const remainders = step.remainders === 1 ? from.remainders : undefined;
  return between(from.low, to.high - 1, remainders);
}

export function rangeOf(
  e: Expression,
  locals: Ranges,
  workgroup: readonly [number, number, number],
): Range {
  const range = (part: Expression): Range => rangeOf(part, locals, workgroup);
  switch (e.kind) {
    case 'number':
      return constant(e.value);
    case 'size':
    case 'step':
      return between(0, most);
    case 'place': {
      if (e.of === 'workgroup') return between(0, most);
      return progression(0, workgroup[e.axis], 1, `invocation ${e.axis}`) ?? anything;
    }
    case 'local':
      return locals.get(e.name) ?? anything;
    case 'unary':
      return e.op === 'neg' ? combine('sub', constant(0), range(e.x)) : anything;
    case 'binary':
      return e.type === 'i32' ? combine(e.op, range(e.x), range(e.y)) : anything;
    case 'select':
      return e.type === 'i32' ? either(range(e.yes), range(e.no)) : anything;
    case 'load':
    case 'call':
    case 'lane':
    case 'pack':
      return anything;
  }
  e satisfies never;
}

function constant(value: number): Range {
  return exactly(value, value, bitOf(value));
}

function bitOf(value: number): number {
  return 1 << (((value % 4) + 4) % 4);
}

function either(x: Range, y: Range): Range {
  return between(Math.min(x.low, y.low), Math.max(x.high, y.high), union(x, y));
}

function union(x: Range, y: Range): number | undefined {
  if (x.remainders === undefined || y.remainders === undefined) return undefined;
  return x.remainders | y.remainders;
}

function combine(op: BinaryOp, x: Range, y: Range): Range {
  const fixed = y.low === y.high ? y.low : undefined;
  switch (op) {
    case 'add':
      return linear(x, y, [x.low + y.low, x.high + y.high], (a, b) => a + b);
    case 'sub':
      return linear(x, y, [x.low - y.high, x.high - y.low], (a, b) => a - b);
    case 'mul':
      return product(x, y);
    case 'shiftLeft': {
      const shifts = fixed !== undefined && fixed >= 0 && fixed < 32;
      return shifts ? product(x, constant(2 ** fixed)) : anything;
    }
    case 'div':
      return quotient(x, y);
    case 'shiftRight': {
      const shifts = fixed !== undefined && fixed >= 0 && fixed < 32 && x.low >= 0;
      return shifts ? quotient(x, constant(2 ** fixed)) : anything;
    }
    case 'mod':
      return remainder(x, y);
    case 'min':
      return between(Math.min(x.low, y.low), Math.min(x.high, y.high), union(x, y));
    case 'max':
      return between(Math.max(x.low, y.low), Math.max(x.high, y.high), union(x, y));
    case 'bitAnd':
      return masked(x, y);
    default:
      return anything;
  }
}

/** Ends that do not fit into 32 bits wrap round: then nothing is known but the remainders. */
function linear(
  x: Range,
  y: Range,
  [low, high]: readonly [number, number],
  op: (a: number, b: number) => number,
): Range {
  const remainders = eachRemainder(x, y, op);
  if (low < least || high > most) return { ...anything, remainders };
  const apart = ![...x.sources].some((source) => y.sources.has(source));
  const sources = new Set([...x.sources, ...y.sources]);
  const exact = x.exact && y.exact && apart;
  const exactRemainders = x.exactRemainders && y.exactRemainders && apart;
  return { low, high, exact, remainders, exactRemainders, sources };
}

function eachRemainder(x: Range, y: Range, op: (a: number, b: number) => number): number {
  const [ofX, ofY] = [x.remainders ?? 15, y.remainders ?? 15];
  let remainders = 0;
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) {
      if ((ofX >> a) & (ofY >> b) & 1) remainders |= bitOf(op(a, b));
    }
  }
  return remainders;
}

function product(x: Range, y: Range): Range {
  const ends = [x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high];
  return linear(x, y, [Math.min(...ends), Math.max(...ends)], (a, b) => a * b);
}

/** Towards zero, which keeps the order of the ends. */
function quotient(x: Range, y: Range): Range {
  if (y.low < 1) return anything;
  if (y.low !== y.high) return between(Math.min(x.low, 0), Math.max(x.high, 0));
  const low = Math.trunc(x.low / y.low) + 0;
  const high = Math.trunc(x.high / y.low) + 0;
  const { exact, sources } = x;
  return { low, high, exact, remainders: undefined, exactRemainders: false, sources };
}

function remainder(x: Range, y: Range): Range {
  if (x.low < 0 || y.low < 1) return anything;
  if (x.high < y.low) return x;
  const keeps = y.remainders === 1 ? x.remainders : undefined;
  return between(0, Math.min(x.high, y.high - 1), keeps);
}

/** What is not negative holds the result below it. */
function masked(x: Range, y: Range): Range {
  const highs = [x, y].filter(({ low }) => low >= 0).map(({ high }) => high);
  if (highs.length === 0) return anything;
  const fixed = y.low === y.high ? y.low : undefined;
  const keeps = fixed === undefined ? undefined : eachRemainder(x, y, (a, b) => a & b);
  return between(0, Math.min(...highs), keeps);
}
