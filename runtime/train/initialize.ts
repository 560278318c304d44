/**
 * First values of weights. Each is a function of the seed and the weight's site alone, so that
 * adding a weight elsewhere, or loading some from a file, changes no other.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import { uniformFill } from '../artifact/threefry.ts';
import { randomOrthogonal } from './orthogonal.ts';
import { normalFill, RandomStream } from './random.ts';

/** How a weight begins. `blocks` splits the last axis into column blocks, left to right. */
export type WeightInitializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'glorot' }
  | { readonly kind: 'he' }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity' }
  | { readonly kind: 'blocks'; readonly blocks: readonly WeightBlock[] };

export interface WeightBlock {
  readonly columns: number;
  readonly initializer: WeightInitializer;
}

/**
 * Row-major values of the shape. `site` is the weight's number in its model, below 2^31. A weight
 * is taken as a matrix: its last axis are the columns (fan-in), the axes before it the rows
 * (fan-out). Faults: R7308 where the columns of blocks do not add up to the last axis.
 */
export function initialize(
  shape: readonly number[],
  initializer: WeightInitializer,
  seed: number,
  site: number,
): Float64Array {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((n, size) => n * size, 1);
  return fillMatrix({ rows, columns, seed, site, block: 0 }, initializer);
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
  readonly site: number;
  /** Which block of its weight; its draws are its own. */
  readonly block: number;
}

function fillMatrix(at: Matrix, initializer: WeightInitializer): Float64Array {
  const { rows, columns } = at;
  const size = rows * columns;
  switch (initializer.kind) {
    case 'zeros':
      return new Float64Array(size);
    case 'ones':
      return new Float64Array(size).fill(1);
    case 'constant':
      return new Float64Array(size).fill(initializer.value);
    case 'uniform':
      return uniform(at, initializer.low, initializer.high);
    case 'normal':
      return normal(at, initializer.deviation);
    case 'glorot': {
      // Glorot and Bengio 2010, equation 16.
      const limit = Math.sqrt(6 / (rows + columns));
      return uniform(at, -limit, limit);
    }
    case 'he':
      // He et al. 2015, equation 10.
      return normal(at, Math.sqrt(2 / columns));
    case 'orthogonal':
      return randomOrthogonal(rows, columns, stream(at)).map((v) => v * initializer.gain);
    case 'identity':
      return identity(rows, columns);
    case 'blocks':
      return fillBlocks(at, initializer.blocks);
    default:
      return initializer satisfies never;
  }
}

/** Steps of training count from 1, so that these keys are never those of a dropout mask. */
function blockKey(at: Matrix): number {
  return 0x80000000 + at.block;
}

function stream(at: Matrix): RandomStream {
  return new RandomStream(at.seed, blockKey(at), at.site);
}

function uniform(at: Matrix, low: number, high: number): Float64Array {
  const values = new Float64Array(at.rows * at.columns);
  uniformFill(values, at.seed, blockKey(at), at.site);
  return values.map((u) => low + u * (high - low));
}

function normal(at: Matrix, deviation: number): Float64Array {
  const values = new Float64Array(at.rows * at.columns);
  normalFill(values, deviation, stream(at));
  return values;
}

function identity(rows: number, columns: number): Float64Array {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return values;
}

function fillBlocks(at: Matrix, blocks: readonly WeightBlock[]): Float64Array {
  const total = blocks.reduce((n, block) => n + block.columns, 0);
  if (total !== at.columns) {
    throw new RuntimeFault(
      'R7308',
      `a weight of ${at.columns} columns cannot begin with blocks of ${total} columns in all`,
    );
  }
  const values = new Float64Array(at.rows * at.columns);
  let first = 0;
  blocks.forEach(({ columns, initializer }, i) => {
    // Blocks inside blocks are numbered on, so that no two draw the same numbers.
    const part = fillMatrix({ ...at, columns, block: at.block * 64 + i + 1 }, initializer);
    for (let r = 0; r < at.rows; r++) {
      values.set(part.subarray(r * columns, (r + 1) * columns), r * at.columns + first);
    }
    first += columns;
  });
  return values;
}
