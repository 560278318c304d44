/**
 * The accuracy rule: what a backend computes may be off by eight times what the f32 interpreter is
 * off on the same program, and four ulp of the result's scale. Infinities and NaN must agree.
 *
 * The program is given in f32 as it was written and as its passes left it, since sums in another
 * order round otherwise: where terms cancel, either may be right to the last bit by chance. An
 * element that one of these has as infinity or NaN and the oracle as a number, or the other way
 * round, is judged in no backend: whether a sum overflows is then a matter of its order.
 */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import type { Arrays } from './arrays.ts';

const factor = 8;
const ulps = 4;

/** How one result was judged. */
export interface Judgement {
  readonly name: string;
  /**
   * The largest distance of an element from the exact one, less its spread; Infinity where none can
   * be told.
   */
  readonly error: number;
  /** The largest that it may be; above 0 for floats. Integers and truth values have no room. */
  readonly allowed: number;
  /** Where the error is largest; undefined where the result as a whole is wrong. */
  readonly at?: number;
  /** What is wrong, in words; undefined where the rule holds. */
  readonly wrong?: string;
}

/** Error as a multiple of what is allowed: the rule holds up to 1. */
export function multipleOf({ error, allowed }: Judgement): number {
  if (error === 0 || allowed === Infinity) return 0;
  return allowed === 0 ? Infinity : error / allowed;
}

/** How much room a result has: computed once, for all that are judged by it. */
export interface Room {
  readonly exact: NdArray;
  readonly allowed: number;
  /** 1 for elements that are judged in no backend; absent where there are none. */
  readonly exempt?: Uint8Array;
  /** What each element may be off by before its error counts; absent where it all counts. */
  readonly spread?: Float64Array;
}

/** What is wrong with the results, by name; empty where the rule holds. */
export function inaccuracies(found: Arrays, f32: readonly Arrays[], f64: Arrays): string[] {
  return judged(found, roomsOf(f32, f64)).flatMap(({ wrong }) => wrong ?? []);
}

/**
 * By the name of the result. `spreads`: of results whose elements may be off by so much for a
 * reason that is known; only what is beyond it counts, in f32 as in what is judged.
 */
export function roomsOf(
  f32: readonly Arrays[],
  f64: Arrays,
  spreads: ReadonlyMap<string, Float64Array> = new Map(),
): ReadonlyMap<string, Room> {
  return new Map(
    [...f64].map(([name, exact]) => {
      const rounded = f32.flatMap((arrays) => arrays.get(name) ?? []);
      return [name, roomOf(exact, rounded, spreads.get(name))];
    }),
  );
}

function roomOf(
  exact: NdArray,
  rounded: readonly NdArray[],
  spread: Float64Array | undefined,
): Room {
  const exempt = exemptOf(exact, rounded);
  const judging = {
    ...(exempt === undefined ? {} : { exempt }),
    ...(spread === undefined ? {} : { spread }),
  };
  const errors = rounded.map((array) => largestError(array, { exact, ...judging }).error);
  const allowed = factor * Math.max(0, ...errors) + ulps * ulpOfScale(exact, exempt);
  return { exact, allowed, ...judging };
}

/** Where those who round do not agree with the oracle on whether there is a number. */
function exemptOf(exact: NdArray, rounded: readonly NdArray[]): Uint8Array | undefined {
  let exempt: Uint8Array | undefined;
  for (const { data } of rounded) {
    for (let i = 0; i < exact.data.length; i++) {
      if (isOfOneKind(data[i] ?? NaN, exact.data[i] ?? NaN)) continue;
      exempt ??= new Uint8Array(exact.data.length);
      exempt[i] = 1;
    }
  }
  return exempt;
}

/**
 * Every result that has a room, judged. `floor` is allowed on top: for devices that may flush
 * numbers below the normal ones to 0, which f32 keeps.
 */
export function judged(
  found: Arrays,
  rooms: ReadonlyMap<string, Room>,
  floor = 0,
): readonly Judgement[] {
  return [...rooms].map(([name, room]) => {
    const { exact } = room;
    const array = found.get(name);
    if (array === undefined) return lost(name, `${name} is missing`);
    if (array.shape.join() !== exact.shape.join()) {
      const shapes = `[${array.shape.join(', ')}], not [${exact.shape.join(', ')}]`;
      return lost(name, `${name} has shape ${shapes}`);
    }
    if (exact.dtype !== 'float') return judgedElements(name, array, exact);
    const { error, at } = largestError(array, room);
    const allowed = room.allowed + floor;
    const wrong = error <= allowed ? {} : { wrong: offBy(name, error, allowed) };
    return { name, error, allowed, at, ...wrong };
  });
}

function offBy(name: string, error: number, allowed: number): string {
  return `${name} is off by ${briefly(error)}, allowed are ${briefly(allowed)}`;
}

/** An error to three digits: how large it is, not what it is. */
export function briefly(error: number): string {
  return Number.isFinite(error) ? String(Number(error.toPrecision(3))) : String(error);
}

function lost(name: string, wrong: string): Judgement {
  return { name, error: Infinity, allowed: 0, wrong };
}

function judgedElements(name: string, found: NdArray, exact: NdArray): Judgement {
  const at = exact.data.findIndex((value, i) => value !== found.data[i]);
  if (at === -1) return { name, error: 0, allowed: 0, at: 0 };
  const [here, wanted] = [found.data[at] ?? NaN, exact.data[at] ?? NaN];
  const wrong = `${name}[${at}] is ${here}, not ${wanted}`;
  return { name, error: Math.abs(here - wanted), allowed: 0, at, wrong };
}

/** Beyond the spread; Infinity where one is a number and the other is none. */
function largestError(
  { data: found }: NdArray,
  { exact, exempt, spread }: Omit<Room, 'allowed'>,
): { error: number; at: number } {
  let [largest, at] = [0, 0];
  for (let i = 0; i < exact.data.length; i++) {
    const [value, other] = [exact.data[i] ?? NaN, found[i] ?? NaN];
    if (value === other || exempt?.[i] === 1 || Object.is(value, other)) continue;
    const difference = Math.abs(value - other);
    const error = (Number.isNaN(difference) ? Infinity : difference) - (spread?.[i] ?? 0);
    if (error > largest) [largest, at] = [error, i];
  }
  return { error: largest, at };
}

/** Both numbers, both NaN, or the same infinity. */
function isOfOneKind(x: number, y: number): boolean {
  return (Number.isFinite(x) && Number.isFinite(y)) || Object.is(x, y);
}

/** One unit in the last place, in f32, of the largest finite element that is judged. */
function ulpOfScale({ data }: NdArray, exempt: Uint8Array | undefined): number {
  let scale = 2 ** -126;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] ?? 0);
    if (size > scale && Number.isFinite(size) && exempt?.[i] !== 1) scale = size;
  }
  return 2 ** (Math.floor(Math.log2(scale)) - 23);
}
