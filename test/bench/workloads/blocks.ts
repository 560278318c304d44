/** A layer's weights gate by gate, and put together as a peer wants them. */
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type { Layer } from './workloads.ts';

export type Arrays = ReadonlyMap<string, NdArray>;

/** `gates` in the order of the blocks; `-u` is the negative of gate u. */
export interface Blocks {
  readonly layer: Layer;
  readonly gates: readonly string[];
}

/** [gates * width, inputs]: the columns that see the layer's input. */
export function inputRows(arrays: Arrays, blocks: Blocks): Float32Array {
  const { width, inputs } = blocks.layer;
  return rowsOf(arrays, blocks, width, width + inputs);
}

/** [gates * width, width]: the columns that see the hidden state. */
export function recurrentRows(arrays: Arrays, blocks: Blocks): Float32Array {
  return rowsOf(arrays, blocks, 0, blocks.layer.width);
}

/** [gates * width] */
export function biasRow(arrays: Arrays, { layer, gates }: Blocks): Float32Array {
  return joined(gates.map((gate) => signed(gate, given(arrays, `${layer.path}.b${bare(gate)}`))));
}

/** The numbers of an array of floats. Throws if there is none of the name. */
export function given(arrays: Arrays, name: string): Float32Array {
  const data = arrays.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`no floats ${name}`);
  return data;
}

/** The numbers of an array of ints. Throws if there is none of the name. */
export function givenInts(arrays: Arrays, name: string): Int32Array {
  const data = arrays.get(name)?.data;
  if (!(data instanceof Int32Array)) throw new Error(`no ints ${name}`);
  return data;
}

/** The transpose of a matrix of `rows`. */
export function transposed(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column] ?? NaN;
    }
  }
  return result;
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Columns `from` to `to` of all gates' weights, one below the other. */
function rowsOf(arrays: Arrays, { layer, gates }: Blocks, from: number, to: number): Float32Array {
  const { path, width, inputs } = layer;
  const rows = gates.flatMap((gate) => {
    const weight = signed(gate, given(arrays, `${path}.W${bare(gate)}`));
    return Array.from({ length: width }, (_, row) => {
      const start = row * (width + inputs);
      return weight.subarray(start + from, start + to);
    });
  });
  return joined(rows);
}

function bare(gate: string): string {
  return gate.replace('-', '');
}

function signed(gate: string, values: Float32Array): Float32Array {
  return gate.startsWith('-') ? values.map((value) => -value) : values;
}
