/**
 * From examples, as a person gives them, to the arrays of a batch: sequences of unequal length are
 * padded, and whatever is wrong with one is told before anything is computed.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { DescribedInput, Description } from './description.ts';
import type { NamedNumbers, Numbers } from './engine.ts';

/** Numbers of an input, however they are given. */
export type Example = Readonly<Record<string, unknown>>;

/** What else than numbers an input may be given as. */
export type Encode = (input: DescribedInput, value: unknown) => Encoded | undefined;

export interface Encoded {
  readonly numbers: ArrayLike<number>;
  /** What each time step was, of a text. */
  readonly tokens?: readonly string[];
}

export interface Batch {
  /** Values of the program's symbols, in its order. */
  readonly sizes: readonly number[];
  readonly inputs: Map<string, Numbers>;
  /** By time symbol, of each example. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
  /** By input, of each example. */
  readonly encoded: ReadonlyMap<string, readonly Encoded[]>;
}

type Ported = Pick<Description, 'inputs' | 'symbols' | 'lengths' | 'zeros' | 'states'>;

/**
 * States are `held`, or zeros. Faults: R7801 for what is missing, of another kind, of another size
 * or outside its range.
 */
export function batchOf(
  { inputs, symbols, lengths: named, zeros, states }: Ported,
  examples: readonly Example[],
  encode: Encode | undefined,
  held?: NamedNumbers,
): Batch {
  const rows = examples.length;
  const lengths = new Map<string, number[]>();
  const encoded = new Map<string, readonly Encoded[]>();
  for (const input of inputs) {
    const each = examples.map((example, row) => {
      return encodedOf(input, example, encode, { lengths, row, rows });
    });
    encoded.set(input.name, each);
  }
  const most = (time: string): number => Math.max(0, ...(lengths.get(time) ?? []));
  const arrays = new Map<string, Numbers>();
  for (const { name, time, sizes, element } of inputs) {
    const perRow = elementsOf(sizes) * (time === undefined ? 1 : most(time));
    const array = numbers(element, rows * perRow);
    encoded.get(name)?.forEach((one, row) => array.set(one.numbers, row * perRow));
    arrays.set(name, array);
  }
  for (const { name, time } of named) arrays.set(name, Int32Array.from(lengths.get(time) ?? []));
  for (const { name, count } of zeros) arrays.set(name, numbers('int', count));
  for (const { initialName, dtype, sizes } of states) {
    arrays.set(initialName, held?.get(initialName) ?? numbers(dtype, rows * elementsOf(sizes)));
  }
  const sizes = symbols.map((symbol) => (symbol === 'B' ? rows : most(symbol)));
  return { sizes, inputs: arrays, lengths, encoded };
}

/** Which example it is, and how long those before it were. */
interface Row {
  readonly row: number;
  /** How many there are. */
  readonly rows: number;
  readonly lengths: Map<string, number[]>;
}

function encodedOf(
  input: DescribedInput,
  example: unknown,
  encode: Encode | undefined,
  { row, rows, lengths }: Row,
): Encoded {
  const { name, time, sizes } = input;
  const wrong = (what: string, wanted: string | number = input.expects): RuntimeFault => {
    // A name may be thousands of characters long.
    const named = `the input ${name.slice(0, 60)}${rows > 1 ? ` of example ${row}` : ''}`;
    return new RuntimeFault('R7801', `${named} ${what}; expected ${wanted}`);
  };
  // Whoever calls from JavaScript may give anything.
  const given = Object(example) as Example;
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined) throw wrong('is missing');
  const found = encode?.(input, value) ?? (isNumbers(value) ? { numbers: value } : undefined);
  if (found === undefined) throw wrong(`is of type ${typeof value}`);
  const { length } = found.numbers;
  const perStep = elementsOf(sizes);
  let steps = 1;
  if (time !== undefined) {
    const known = lengths.get(time) ?? [];
    lengths.set(time, known);
    steps = known[row] ??= length / perStep;
  }
  const isWhole = Number.isInteger(steps);
  if (!isWhole || length !== steps * perStep) {
    throw wrong(`has length ${length}`, isWhole ? steps * perStep : undefined);
  }
  for (let i = 0; i < length; i++) {
    const one: unknown = found.numbers[i];
    if (isValid(input, one)) continue;
    throw wrong(`holds ${typeof one === 'number' ? one : 'no number'} at ${i}`);
  }
  return found;
}

export function isNumbers(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

/** Arrays hold anything, and some of them big ints. */
function isValid({ element, ids = 2 ** 31, negative }: DescribedInput, value: unknown): boolean {
  if (typeof value !== 'number') return false;
  return element === undefined || (value % 1 === 0 && value < ids && (negative ?? value >= 0));
}

/** Zeros. */
export function numbers(type: string | undefined, count: number): Numbers {
  return new (type === undefined ? Float32Array : Int32Array)(count);
}

export function elementsOf(sizes: readonly number[]): number {
  return sizes.reduce((count, size) => count * size, 1);
}
