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
  /** The largest distance of an element from the exact one; Infinity where none can be told. */
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
  if (error === 0) return 0;
  return allowed === 0 ? Infinity : error / allowed;
}

/** What is wrong with the results, by name; empty where the rule holds. */
export function inaccuracies(found: Arrays, f32: readonly Arrays[], f64: Arrays): string[] {
  return judged(found, f32, f64).flatMap(({ wrong }) => (wrong === undefined ? [] : [wrong]));
}

/**
 * Every result of `f64`, judged. `floor` is allowed on top: for devices that may flush numbers below
 * the normal ones to 0, which f32 keeps.
 */
export function judged(
  found: Arrays,
  f32: readonly Arrays[],
  f64: Arrays,
  floor = 0,
): readonly Judgement[] {
  return [...f64].map(([name, exact]) => {
    const array = found.get(name);
    if (array === undefined) return lost(name, `${name} is missing`);
    if (array.shape.join() !== exact.shape.join()) {
      const shapes = `[${array.shape.join(', ')}], not [${exact.shape.join(', ')}]`;
      return lost(name, `${name} has shape ${shapes}`);
    }
    if (exact.dtype !== 'float') return judgedElements(name, array, exact);
    const rounded = f32.flatMap((arrays) => arrays.get(name) ?? []);
    const { error, at } = largestError(array, exact, rounded);
    const allowed = allowedBy(rounded, exact) + floor;
    const wrong = error <= allowed ? {} : { wrong: offBy(name, error, allowed) };
    return { name, error, allowed, at, ...wrong };
  });
}

/** What a result may be off by. */
export function allowedError(name: string, f32: readonly Arrays[], exact: NdArray): number {
  return allowedBy(
    f32.flatMap((arrays) => arrays.get(name) ?? []),
    exact,
  );
}

function allowedBy(rounded: readonly NdArray[], exact: NdArray): number {
  const errors = rounded.map((array) => largestError(array, exact, rounded).error);
  return factor * Math.max(0, ...errors) + ulps * ulpOfScale(exact);
}

function offBy(name: string, error: number, allowed: number): string {
  return `${name} is off by ${error}, allowed are ${allowed}`;
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

/** Infinity where one is a number and the other is none, and all who round agree on what it is. */
function largestError(
  found: NdArray,
  exact: NdArray,
  rounded: readonly NdArray[],
): { error: number; at: number } {
  let [largest, at] = [0, 0];
  exact.data.forEach((value, i) => {
    const other = found.data[i] ?? NaN;
    if (Object.is(value, other) || value === other) return;
    if (rounded.some(({ data }) => !isOfOneKind(data[i] ?? NaN, value))) return;
    const difference = Math.abs(value - other);
    const error = Number.isNaN(difference) ? Infinity : difference;
    if (error > largest) [largest, at] = [error, i];
  });
  return { error: largest, at };
}

/** Both numbers, both NaN, or the same infinity. */
function isOfOneKind(x: number, y: number): boolean {
  return (Number.isFinite(x) && Number.isFinite(y)) || Object.is(x, y);
}

/** One unit in the last place of the largest finite element, in f32. */
export function ulpOfScale({ data }: NdArray): number {
  let scale = 2 ** -126;
  for (const value of data) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  return 2 ** (Math.floor(Math.log2(scale)) - 23);
}
