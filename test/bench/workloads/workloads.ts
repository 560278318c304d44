/**
 * What is timed: the specs, the sizes, and how a call of each is made. Every contestant computes
 * the same equations on the same numbers (draw.ts).
 */
export interface Workload {
  readonly name: WorkloadName;
  /** For people, without the sizes. */
  readonly title: string;
  readonly spec: string;
  readonly mode: Mode;
  readonly cell: Cell;
  /** Recurrent layers in the order of application, forward before reverse. */
  readonly layers: readonly Layer[];
  /** Numbers a time step, or how many ids there are. */
  readonly inputs: number;
  /** Rows of the softmax; absent where the last layer's states are the result. */
  readonly classes?: number;
  readonly sizes: Sizes;
  /** So small that all contestants together are done in seconds. */
  readonly smokeSizes: Sizes;
}

export type WorkloadName = 'W1a' | 'W1b' | 'W1c' | 'W2a' | 'W2b' | 'W3' | 'W4';

/**
 * `stream`: one time step, the state carried from call to call. `run`: whole sequences. `train`:
 * forward, backward, clipping to a norm of 5 and Adam; the result is the loss.
 */
export type Mode = 'stream' | 'run' | 'train';

export type Cell = 'lstm' | 'gru' | 'peephole';

export interface Layer {
  /** As Gatework names it; its weights are `PATH.Wu`, `PATH.bu`, … */
  readonly path: string;
  /** In which direction of a layer of two; the layer's number, from 0. */
  readonly reverse: boolean;
  readonly level: number;
  readonly inputs: number;
  readonly width: number;
}

export interface Sizes {
  readonly batch: number;
  readonly time: number;
}

/** Gates whose weights are products, in the order of PyTorch's blocks; our letters. */
export const gatesOf: Readonly<Record<Cell, readonly string[]>> = {
  lstm: ['u', 'f', 'c', 'o'],
  peephole: ['u', 'f', 'c', 'o'],
  gru: ['r', 'u', 'c'],
};

/** Gates that also see their unit's own cell state, through one number. */
export const peepholes: readonly string[] = ['u', 'f', 'o'];

export const training = { rate: 0.001, clipNorm: 5 } as const;

const one: Sizes = { batch: 1, time: 1 };

/** The model that the README shows first. */
export const flagshipSpec = `
model flagship() {
  input x: float[T, 128]
  output y = x -> bidirectional(lstm(128), depth = 3) -> softmax(9)
}`;

export const workloads: readonly Workload[] = [
  {
    name: 'W1a',
    title: 'one step, lstm(64), 40 in, state carried',
    spec: `
model w1a() {
  input x: float[T, 40]
  output y = x -> lstm(64)
}`,
    mode: 'stream',
    cell: 'lstm',
    layers: layersOf('lstm', { inputs: 40, width: 64 }),
    inputs: 40,
    sizes: one,
    smokeSizes: one,
  },
  {
    name: 'W1b',
    title: 'one step, lstm(256, depth = 2), 128 in, state carried',
    spec: `
model w1b() {
  input x: float[T, 128]
  output y = x -> lstm(256, depth = 2)
}`,
    mode: 'stream',
    cell: 'lstm',
    layers: layersOf('lstm', { inputs: 128, width: 256, depth: 2 }),
    inputs: 128,
    sizes: one,
    smokeSizes: one,
  },
  {
    name: 'W1c',
    title: 'one step, gru(128), 128 in, state carried',
    spec: `
model w1c() {
  input x: float[T, 128]
  output y = x -> gru(128)
}`,
    mode: 'stream',
    cell: 'gru',
    layers: layersOf('gru', { inputs: 128, width: 128 }),
    inputs: 128,
    sizes: one,
    smokeSizes: one,
  },
  flagship('W2a', { batch: 1, time: 64 }, { batch: 1, time: 8 }),
  flagship('W2b', { batch: 32, time: 64 }, { batch: 3, time: 8 }),
  {
    name: 'W3',
    title: 'training step, lstm(256, depth = 2), 65 characters',
    spec: characterModel('w3', 'lstm(256, depth = 2)'),
    mode: 'train',
    cell: 'lstm',
    layers: layersOf('lstm', { inputs: 65, width: 256, depth: 2 }),
    inputs: 65,
    classes: 65,
    sizes: { batch: 32, time: 64 },
    smokeSizes: { batch: 2, time: 4 },
  },
  {
    name: 'W4',
    title: 'training step, a peephole cell of the user',
    spec: `
cell ownPeephole(n) {
  state a: [n], c: [n]
  weight pu: [n]
  weight pf: [n]
  weight po: [n]
  c̃ = tanh(Wc[a<t-1>, x<t>] + bc)
  Γu = σ(Wu[a<t-1>, x<t>] + pu * c<t-1> + bu)
  Γf = σ(Wf[a<t-1>, x<t>] + pf * c<t-1> + bf)
  c<t> = Γu * c̃ + Γf * c<t-1>
  Γo = σ(Wo[a<t-1>, x<t>] + po * c<t> + bo)
  a<t> = Γo * tanh(c<t>)
  emit a<t>
}
${characterModel('w4', 'ownPeephole(256, depth = 2)')}`,
    mode: 'train',
    cell: 'peephole',
    layers: layersOf('ownPeephole', { inputs: 65, width: 256, depth: 2 }),
    inputs: 65,
    classes: 65,
    sizes: { batch: 32, time: 64 },
    smokeSizes: { batch: 2, time: 4 },
  },
];

function flagship(name: WorkloadName, sizes: Sizes, smokeSizes: Sizes): Workload {
  return {
    name,
    title: 'bidirectional(lstm(128), depth = 3) -> softmax(9)',
    spec: flagshipSpec,
    mode: 'run',
    cell: 'lstm',
    layers: layersOf('lstm', { inputs: 128, width: 128, depth: 3, directions: 2 }),
    inputs: 128,
    classes: 9,
    sizes,
    smokeSizes,
  };
}

function characterModel(name: string, layers: string): string {
  const { rate, clipNorm } = training;
  return `
model ${name}() {
  input text: ids(65)[T]
  input next: class(65)[T]
  output y = text -> oneHot -> ${layers} -> softmax(65)
  loss crossEntropy(y, next)
  train adam(rate = ${rate}), clipNorm = ${clipNorm}, batch = 32
}`;
}

interface Stack {
  readonly inputs: number;
  readonly width: number;
  readonly depth?: number;
  readonly directions?: 1 | 2;
}

/** Layers with the paths that the compiler gives them. */
function layersOf(
  stage: string,
  { inputs, width, depth = 1, directions = 1 }: Stack,
): readonly Layer[] {
  const layers: Layer[] = [];
  for (let level = 0; level < depth; level++) {
    const below = level === 0 ? inputs : directions * width;
    const path = depth === 1 ? stage : `${stage}.l${level}`;
    for (const direction of ['forward', 'reverse'].slice(0, directions)) {
      layers.push({
        path: directions === 1 ? path : `${path}.${direction}`,
        reverse: direction === 'reverse',
        level,
        inputs: below,
        width,
      });
    }
  }
  return layers;
}
