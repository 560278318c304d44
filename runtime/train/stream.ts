/**
 * One long text for truncated back-propagation through time: the sequences joined to one stream,
 * the stream cut into as many rows as a batch has, the rows cut into chunks of k steps. A chunk
 * begins with the states in which the chunk before it ended (Williams and Peng 1990).
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { checkBatch, type Batch, type BatchSource } from './batches.ts';

export interface StreamOptions {
  readonly name: string;
  /** The parameter that holds the lengths. */
  readonly lengths: string;
  /** Rows; fewer where the text has fewer tokens. */
  readonly batch: number;
  /** Time steps of a chunk. */
  readonly truncate: number;
}

/**
 * Chunks in the order of the text, the same in every epoch; the first of an epoch begins with zero
 * states. No token is lost: where rows are uneven, the last ones end with a shorter chunk. Faults:
 * R7202 for no token, R7310 for a batch or a chunk below 1.
 */
export function streamBatches(
  sequences: readonly Int32Array[],
  options: StreamOptions,
): BatchSource {
  checkBatch(options.batch);
  const { truncate } = options;
  if (!(Number.isInteger(truncate) && truncate >= 1)) {
    throw new RuntimeFault('R7310', `truncate must be a whole number from 1, not ${truncate}`);
  }
  const stream = join(sequences);
  if (stream.length === 0) throw new RuntimeFault('R7202', 'there is no token to train on');
  const rows = Math.min(options.batch, stream.length);
  const rowLength = Math.ceil(stream.length / rows);
  return {
    carries: true,
    count: () => Math.ceil(rowLength / truncate),
    batch: (_epoch, index) => {
      const start = index * truncate;
      const time = Math.min(truncate, rowLength - start);
      return cutChunk(stream, { rows, rowLength, start, time }, options);
    },
  };
}

interface Chunk {
  readonly rows: number;
  readonly rowLength: number;
  /** Within each row. */
  readonly start: number;
  readonly time: number;
}

function cutChunk(stream: Int32Array, chunk: Chunk, options: StreamOptions): Batch {
  const { rows, rowLength, start, time } = chunk;
  const data = new Int32Array(rows * time);
  const lengths = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * rowLength + start;
    // `from` may lie past the stream's end; the row is then over and its length 0.
    const ids = stream.subarray(from, Math.min(from + time, (row + 1) * rowLength));
    data.set(ids, row * time);
    lengths[row] = ids.length;
  }
  const inputs = new Map<string, NdArray>([
    [options.name, { dtype: 'int', shape: [rows, time], data }],
    [options.lengths, { dtype: 'int', shape: [rows], data: lengths }],
  ]);
  const tokens = lengths.reduce((total, length) => total + length, 0);
  return { inputs, rows, tokens, fresh: start === 0 };
}

function join(sequences: readonly Int32Array[]): Int32Array {
  const stream = new Int32Array(sequences.reduce((n, ids) => n + ids.length, 0));
  let at = 0;
  for (const ids of sequences) {
    stream.set(ids, at);
    at += ids.length;
  }
  return stream;
}
