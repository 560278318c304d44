/**
 * The accuracy rule: what a backend computes may be off by eight times what the f32 interpreter is
 * off on the same program, and four ulp of the result's scale. Infinities and NaN must agree.
 *
 * The program is given in f32 as it was written and as its passes left it, since sums in another
 * order round otherwise: where terms cancel, either may be right to the last bit by chance.
 */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';

type Arrays = ReadonlyMap<string, NdArray>;

const factor = 8;
const ulps = 4;

/** What is wrong with the results, by name; empty where the rule holds. */
export function inaccuracies(found: Arrays, f32: readonly Arrays[], f64: Arrays): string[] {
  return [...f64].flatMap(([name, exact]) => {
    const array = found.get(name);
    if (array === undefined) return [`${name} is missing`];
    if (array.shape.join() !== exact.shape.join()) {
      return [`${name} has shape [${array.shape.join(', ')}], not [${exact.shape.join(', ')}]`];
    }
    if (exact.dtype !== 'float') return differingElement(name, array, exact);
    const rounded = f32.map((arrays) => largestError(arrays.get(name) ?? exact, exact));
    const bound = factor * Math.max(...rounded) + ulps * ulpOf(exact);
    const error = largestError(array, exact);
    return error <= bound ? [] : [`${name} is off by ${error}, allowed are ${bound}`];
  });
}

function differingElement(name: string, found: NdArray, exact: NdArray): string[] {
  const at = exact.data.findIndex((value, i) => value !== found.data[i]);
  return at === -1 ? [] : [`${name}[${at}] is ${found.data[at]}, not ${exact.data[at]}`];
}

/** Infinity where one is a number and the other is none. */
function largestError(found: NdArray, exact: NdArray): number {
  let largest = 0;
  exact.data.forEach((value, i) => {
    const other = found.data[i] ?? NaN;
    if (Object.is(value, other) || value === other) return;
    const error = Math.abs(value - other);
    largest = Number.isNaN(error) ? Infinity : Math.max(largest, error);
  });
  return largest;
}

/** One unit in the last place of the largest finite element, in f32. */
function ulpOf({ data }: NdArray): number {
  let scale = 2 ** -126;
  for (const value of data) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  return 2 ** (Math.floor(Math.log2(scale)) - 23);
}
