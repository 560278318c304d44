/**
 * The training step that is timed, for whoever computes it: a language model over characters, one
 * lstm and a softmax, on one batch that is the same at every step. Weights and batch are drawn
 * from fixed seeds, so that all contestants begin with the same loss.
 */
export const sizes = { vocabulary: 65, width: 128, time: 32, batch: 16 } as const;

export const learningRate = 0.001;

/** The loss of the first step, as Gatework's interpreter has it in f64. */
export const firstLoss = 4.175409741;

/** The gates of the LSTM, in the order in which a weight holds their columns. */
export type Gate = 'input' | 'forget' | 'candidate' | 'output';

export interface Report {
  /** Of each timed step, from the call to the loss as a number on the host. */
  readonly milliseconds: readonly number[];
  /** Of all the browser's processes together, the device in software included, for a timed step. */
  readonly cpuMilliseconds: number;
  /** The losses of all steps from the first one on, warm-up included. */
  readonly losses: readonly number[];
  /** What one step asks of WebGPU; 0 where it runs elsewhere. */
  readonly dispatches: number;
  readonly submits: number;
  /** What WebGPU refused meanwhile, each message once: the losses mean nothing if it did. */
  readonly refusals: readonly string[];
}

/** Ids [batch, time] row by row, and the ids that follow them. */
export function drawBatch(): { readonly ids: Int32Array; readonly next: Int32Array } {
  const draw = drawer(1);
  const count = sizes.batch * sizes.time;
  const id = () => Math.floor(draw() * sizes.vocabulary);
  return {
    ids: Int32Array.from({ length: count }, id),
    next: Int32Array.from({ length: count }, id),
  };
}

/** `rows` of the input (or the hidden state) against the columns of the gates. */
export function drawGates(seed: number, rows: number, gates: readonly Gate[]): Float32Array {
  const { width } = sizes;
  const blocks = gates.map((gate) => drawMatrix(seed + order.indexOf(gate), rows, width));
  const all = new Float32Array(rows * gates.length * width);
  for (let row = 0; row < rows; row++) {
    blocks.forEach((block, i) => {
      const columns = block.subarray(row * width, (row + 1) * width);
      all.set(columns, (row * gates.length + i) * width);
    });
  }
  return all;
}

export function drawMatrix(seed: number, rows: number, columns: number): Float32Array {
  const draw = drawer(seed);
  const bound = 1 / Math.sqrt(sizes.width);
  return Float32Array.from({ length: rows * columns }, () => (2 * draw() - 1) * bound);
}

/** Seeds of the weights; each gate has its own from there on. */
export const seeds = { input: 10, recurrent: 20, softmax: 30 } as const;

const order: readonly Gate[] = ['input', 'forget', 'candidate', 'output'];

/** Uniform numbers in [0, 1) (mulberry32). */
function drawer(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
