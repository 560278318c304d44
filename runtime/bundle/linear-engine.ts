/** A bundle's program on linear memory, as WebAssembly or as JavaScript. */
import { RuntimeFault } from '../artifact/executable.ts';
import { known } from '../session/known.ts';
import type { Backend } from '../artifact/bundle.ts';
import type { DirectEngine, NamedNumbers, Numbers } from './engine.ts';

/** Where a program keeps what, as a function of the sizes that are open. */
export interface Places {
  /** Names of its parameters and results of f32. */
  readonly floats: readonly string[];
  /** And of i32. */
  readonly ints: readonly string[];
  readonly results: readonly string[];
  /**
   * Elements of f32, elements of i32, and a number that is as large as whatever else it counts to;
   * then where each of the floats and of the ints begins, in elements, and the length of each of
   * the results.
   */
  readonly at: (...sizes: readonly number[]) => readonly number[];
}

export interface LinearPlan extends Places {
  /** Bytes before the elements, a multiple of 64; 128 if left out. */
  readonly head?: number;
  /** Whether weights, or what is prepared of them, lie elsewhere with other sizes. */
  readonly moves?: boolean;
}

export interface LinearEntries {
  readonly prepare: (...values: readonly number[]) => void;
  readonly run: (...values: readonly number[]) => void;
}

/** The code of a program on memory of its own. */
export interface LinearCode extends LinearEntries {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** To so many bytes at least. An Error where there are no more. */
  grow(bytes: number): void;
}

/** `weights` are all parameters that no run is given. */
export function linearEngine(
  backend: Backend,
  code: LinearCode,
  plan: LinearPlan,
  weights: NamedNumbers,
): DirectEngine {
  let placed: Placed | undefined;
  const runNow: DirectEngine['runNow'] = (sizes, inputs) => {
    if (placed?.sizes.some((size, i) => size !== sizes[i]) !== false) {
      const isFirst = placed === undefined;
      placed = placeAt(code, plan, sizes);
      // Memory that has grown holds what it held.
      if (isFirst || plan.moves === true) {
        write(placed, weights);
        code.prepare(...placed.call);
      }
    }
    write(placed, inputs);
    code.run(...placed.call);
    return placed.views;
  };
  return {
    backend,
    runNow,
    run: (sizes, inputs) =>
      new Promise((resolve) => {
        const views = runNow(sizes, inputs);
        resolve(new Map(plan.results.map((name) => [name, known(views.get(name), name).slice()])));
      }),
    close: () => (placed = undefined),
  };
}

interface Placed {
  readonly sizes: readonly number[];
  /** Results as they are, and parameters from where they begin. */
  readonly views: NamedNumbers;
  /** Arguments of the code's functions. */
  readonly call: readonly number[];
}

/** Faults: T6401 for what takes more than 2 GiB, or more than there is. */
function placeAt(
  code: LinearCode,
  { floats, ints, results, at, head = scratchAt }: LinearPlan,
  sizes: readonly number[],
): Placed {
  const [floatCount = 0, intCount = 0, most = 0, ...places] = at(...sizes);
  const intBase = head + aligned(4 * floatCount);
  const bytes = intBase + aligned(4 * intCount);
  try {
    if (bytes > limit || most >= limit) throw new RangeError('over 2 GiB');
    if (bytes > code.buffer.byteLength) code.grow(bytes);
  } catch (error) {
    const what = `sizes ${sizes.join(', ')} need ${bytes} bytes`;
    throw new RuntimeFault('T6401', `${what}: ${String(error)}`);
  }
  const { buffer } = code;
  let next = 0;
  const place = (): number => 4 * (places[next++] ?? 0);
  const views = new Map<string, Numbers>();
  for (const name of floats) views.set(name, new Float32Array(buffer, head + place()));
  for (const name of ints) views.set(name, new Int32Array(buffer, intBase + place()));
  for (const name of results)
    views.set(name, known(views.get(name), name).subarray(0, place() / 4));
  // Addresses of f32, i32 and scratch; thread 0 of 1, which waits for nobody.
  return { sizes, views, call: [head, intBase, scratchAt, 0, 1, 0, 0, ...sizes] };
}

const limit = 2 ** 31;

/** After the words by which threads would meet. */
const scratchAt = 128;

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Of the parameters that the program has: a file may hold more. */
function write({ views }: Placed, all: NamedNumbers): void {
  for (const [name, numbers] of all) views.get(name)?.set(numbers);
}
