/**
 * From examples, as a person gives them, to the arrays of a batch: sequences of unequal length are
 * padded, and whatever is wrong with one is told before anything is computed.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Dim } from '../artifact/size.ts';
import type { BundleDescription, BundleInput } from '../artifact/bundle.ts';
import type { Numbers } from './engine.ts';

/** Numbers of an input, however they are given. */
export type Example = Readonly<Record<string, unknown>>;

/** What else than numbers an input may be given as. */
export type Encode = (input: BundleInput, value: unknown) => Encoded | undefined;

export interface Encoded {
  readonly numbers: ArrayLike<number>;
  /** What each time step was, of a text. */
  readonly tokens?: readonly string[];
}

export interface Batch {
  /** Values of the program's symbols, in its order, and by name. */
  readonly sizes: readonly number[];
  readonly bound: ReadonlyMap<string, number>;
  readonly inputs: Map<string, Numbers>;
  /** By time symbol, of each example. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
  /** By input, of each example. */
  readonly tokens: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/** Faults: R7801 for what is missing, of another kind, of another size or outside its range. */
export function batchOf(
  description: Pick<BundleDescription, 'inputs' | 'symbols' | 'zeros' | 'lengths' | 'states'>,
  examples: readonly Example[],
  encode: Encode,
): Batch {
  const { inputs, symbols, zeros } = description;
  const rows = examples.length;
  const encoded = new Map(
    inputs.map((input) => [input, examples.map((example) => encodedOf(input, example, encode))]),
  );
  const lengths = new Map<string, number[]>();
  for (const [input, row] of encoded) measure(input, row, lengths);
  const bound = new Map([['B', rows]]);
  for (const [symbol, each] of lengths) bound.set(symbol, Math.max(0, ...each));
  const arrays = new Map<string, Numbers>();
  for (const [input, each] of encoded) arrays.set(input.name, padded(input, each, bound));
  for (const { name, time } of description.lengths) {
    arrays.set(name, Int32Array.from(lengths.get(time) ?? []));
  }
  for (const { name, count } of zeros) arrays.set(name, new Int32Array(count));
  for (const state of description.states) {
    const count = rows * elementsOf(state.sizes);
    const zero = state.dtype === 'int' ? new Int32Array(count) : new Float32Array(count);
    arrays.set(state.initial, zero);
  }
  return {
    sizes: symbols.map((symbol) => bound.get(symbol) ?? 0),
    bound,
    inputs: arrays,
    lengths,
    tokens: new Map(
      [...encoded].map(([{ name }, each]) => [name, each.map((e) => e.tokens ?? [])]),
    ),
  };
}

function encodedOf(input: BundleInput, example: Example, encode: Encode): Encoded {
  const { name, ids, negative } = input;
  const value = valueOf(example, name);
  const wrong = (what: string): RuntimeFault =>
    new RuntimeFault('R7801', `the input ${shown(name)} ${what}`);
  if (value === undefined) throw wrong('is missing');
  const found = encode(input, value) ?? (isNumbers(value) ? { numbers: value } : undefined);
  if (found === undefined) throw wrong(`is ${kindOf(value)}; expected ${expected(input)}`);
  if (input.element === 'float') return found;
  for (let i = 0; i < found.numbers.length; i++) {
    const id = found.numbers[i] ?? NaN;
    const inside = id < (ids ?? 2 ** 31) && (id >= 0 || negative === true);
    if (!inside || !Number.isInteger(id))
      throw wrong(`holds ${id} at ${i}; expected ${expected(input)}`);
  }
  return found;
}

/** Whoever calls from JavaScript may give anything. */
function valueOf(example: unknown, name: string): unknown {
  if (typeof example !== 'object' || example === null) return undefined;
  return Object.hasOwn(example, name) ? Reflect.get(example, name) : undefined;
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  if (ArrayBuffer.isView(value)) return !(value instanceof DataView) && !isBig(value);
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}

function isBig(value: ArrayBufferView): boolean {
  return value instanceof BigInt64Array || value instanceof BigUint64Array;
}

/** How long each example's sequence is; those of one time must agree. */
function measure(
  input: BundleInput,
  each: readonly Encoded[],
  lengths: Map<string, number[]>,
): void {
  const { name, time, sizes } = input;
  const perStep = elementsOf(sizes);
  const wrong = (row: number, found: number, wanted: string): RuntimeFault =>
    new RuntimeFault(
      'R7801',
      `the input ${shown(name)}${each.length > 1 ? ` of example ${row}` : ''} has ${found} ` +
        `${found === 1 ? 'number' : 'numbers'}; expected ${wanted}`,
    );
  const symbol = time === undefined ? undefined : plainSymbol(time);
  each.forEach(({ numbers }, row) => {
    const { length } = numbers;
    if (time === undefined || symbol === undefined) {
      if (length !== perStep) throw wrong(row, length, String(perStep));
      return;
    }
    if (length % perStep !== 0) throw wrong(row, length, `a multiple of ${perStep}`);
    const known = lengths.get(symbol) ?? [];
    lengths.set(symbol, known);
    const steps = known[row] ?? length / perStep;
    if (steps !== length / perStep) throw wrong(row, length, String(steps * perStep));
    known[row] = steps;
  });
}

/** A time as inputs have it: one symbol, alone. */
function plainSymbol({ terms }: Dim): string | undefined {
  return terms[0]?.symbol;
}

function padded(
  { element, time, sizes }: BundleInput,
  each: readonly Encoded[],
  bound: ReadonlyMap<string, number>,
): Numbers {
  const symbol = time === undefined ? undefined : plainSymbol(time);
  const steps = symbol === undefined ? 1 : (bound.get(symbol) ?? 0);
  const perRow = steps * elementsOf(sizes);
  const count = each.length * perRow;
  const array = element === 'float' ? new Float32Array(count) : new Int32Array(count);
  each.forEach(({ numbers }, row) => array.set(numbers, row * perRow));
  return array;
}

export function elementsOf(sizes: readonly number[]): number {
  return sizes.reduce((count, size) => count * size, 1);
}

function expected({ element, ids, sizes, time }: BundleInput): string {
  const shape = [...(time === undefined ? [] : ['time']), ...sizes].join(' x ');
  const numbers = element === 'float' ? 'numbers' : `whole numbers${below(ids)}`;
  const text = element === 'words' || element === 'characters' ? 'text, or ' : '';
  return `${text}${numbers}${shape === '' ? '' : `, ${shape} of them`}`;
}

function below(ids: number | undefined): string {
  return ids === undefined ? '' : ` from 0 to ${ids - 1}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list of something else' : `of type ${typeof value}`;
}

/** A name may be thousands of characters long. */
function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
