/** A bundle's program on linear memory, as WebAssembly or as JavaScript. */
import { RuntimeFault } from '../artifact/executable.ts';
import type { Backend } from '../artifact/bundle.ts';
import type { DirectEngine, NamedNumbers, Numbers } from './engine.ts';

/** Where a program keeps what, as functions of the sizes that are open. */
export interface LinearPlan {
  readonly parameters: readonly LinearArray[];
  readonly results: readonly LinearArray[];
  /**
   * Elements of f32, elements of i32, and the largest number that the program counts to; then
   * offset and length of each parameter and of each result, in elements.
   */
  readonly at: (...sizes: readonly number[]) => readonly number[];
  /** Bytes before the elements, a multiple of 64. */
  readonly head: number;
  /** Whether weights, and what is prepared of them, lie in the same place whatever the sizes. */
  readonly still: boolean;
}

export interface LinearArray {
  readonly name: string;
  readonly int?: boolean;
}

/** The code of a program on memory of its own. */
export interface LinearCode {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** To so many bytes at least. An Error where there are no more. */
  grow(bytes: number): void;
  readonly prepare: (...values: readonly number[]) => void;
  readonly run: (...values: readonly number[]) => void;
}

/** `weights` are all parameters that no run is given. */
export function linearEngine(
  backend: Backend,
  code: LinearCode,
  plan: LinearPlan,
  weights: NamedNumbers,
): DirectEngine {
  let placed: Placed | undefined;
  const place = (sizes: readonly number[]): Placed => {
    const key = sizes.join();
    if (placed?.key === key) return placed;
    const before = placed?.views;
    placed = { key, ...placeAt(code, plan, sizes) };
    // Memory that has grown holds what it held.
    if (before === undefined || !plan.still) {
      for (const [name, numbers] of weights) write(placed, name, numbers);
      code.prepare(...placed.call);
    }
    return placed;
  };
  const runNow: DirectEngine['runNow'] = (sizes, inputs) => {
    const here = place(sizes);
    for (const [name, numbers] of inputs) write(here, name, numbers);
    code.run(...here.call);
    return new Map(plan.results.map(({ name }) => [name, viewOf(here, name).slice()]));
  };
  return {
    backend,
    runNow,
    run: (sizes, inputs) => new Promise((resolve) => resolve(runNow(sizes, inputs))),
    close: () => (placed = undefined),
  };
}

interface Placed {
  readonly key: string;
  readonly views: ReadonlyMap<string, Numbers>;
  /** Arguments of the code's functions. */
  readonly call: readonly number[];
}

/** Faults: T6401 for what takes more than 2 GiB, or more than there is. */
function placeAt(
  code: LinearCode,
  { parameters, results, at, head }: LinearPlan,
  sizes: readonly number[],
): Omit<Placed, 'key'> {
  const [floats = 0, ints = 0, most = 0, ...places] = at(...sizes);
  const intBase = head + aligned(4 * floats);
  const bytes = intBase + aligned(4 * ints);
  const fault = (reason: string): RuntimeFault =>
    new RuntimeFault('T6401', `a run of sizes ${sizes.join(', ')} ${reason}`);
  if (bytes > limit || most >= limit) throw fault(`needs more memory than 2 GiB: ${bytes} bytes`);
  if (bytes > code.buffer.byteLength) {
    try {
      code.grow(bytes);
    } catch (error) {
      throw fault(`needs ${bytes} bytes of memory: ${String(error)}`);
    }
  }
  const views = [...parameters, ...results].map(({ name, int }, i): [string, Numbers] => {
    const [offset = 0, length = 0] = places.slice(2 * i);
    return int === true
      ? [name, new Int32Array(code.buffer, intBase + 4 * offset, length)]
      : [name, new Float32Array(code.buffer, head + 4 * offset, length)];
  });
  // Addresses of f32, i32 and scratch; thread 0 of 1, which waits for nobody.
  return { views: new Map(views), call: [head, intBase, scratchAt, 0, 1, 0, 0, ...sizes] };
}

const limit = 2 ** 31;

/** After the words by which threads would meet. */
const scratchAt = 128;

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Of the parameters that the program has: a file may hold more. */
function write({ views }: Placed, name: string, numbers: Numbers): void {
  views.get(name)?.set(numbers);
}

function viewOf({ views }: Placed, name: string): Numbers {
  const view = views.get(name);
  if (view === undefined) throw new Error(`the program has no ${name}`);
  return view;
}
