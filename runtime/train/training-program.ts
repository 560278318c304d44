/**
 * What the training loop must know of a compiled training step besides how to run it. The program's
 * parameters: the batch's inputs; weights by name; `step` (float scalar, from 1); `random` (int
 * [2]: seed and step) if `random`; `optimizer/WEIGHT/STATE`; initial states. Its results: `loss`,
 * `next/WEIGHT`, `next/optimizer/WEIGHT/STATE`, `gradientNorm`, `norm/WEIGHT`, `rate`, final
 * states, sums and counts of metrics.
 */
import type { NdArray } from '../artifact/nd-array.ts';

export interface TrainingProgram {
  readonly weights: readonly TrainedWeight[];
  /** States that the optimizer keeps for each weight, each of the weight's shape, zero at first. */
  readonly optimizerStates: readonly string[];
  readonly states: readonly CarriedState[];
  readonly metrics: readonly Metric[];
  /** Whether the training step has the parameter `random`; a validation program never has. */
  readonly random: boolean;
  /** Element type of weights and states: f64 gives Float64Array, f32 Float32Array. */
  readonly precision: 'f64' | 'f32';
}

export interface TrainedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** Path of the layer that owns it, for messages. */
  readonly layer: string;
}

export interface CarriedState {
  /** The parameter, `PATH.h0`. */
  readonly initial: string;
  /** The result, `PATH.hn`. */
  readonly final: string;
  /** Without the batch axis. */
  readonly shape: readonly number[];
  /** Ids that travel through time are `int`; `float` if left out. */
  readonly dtype?: 'float' | 'int';
}

/** Two scalar results that add up over batches. */
export interface Metric {
  /** `nats`: a negative log likelihood, told to people as perplexity; `accuracy`: right ones. */
  readonly kind: 'nats' | 'accuracy';
  /** Its name in logs and progress: `perplexity`, `accuracy`, `names.accuracy`; each once. */
  readonly label: string;
  readonly sum: string;
  readonly count: string;
}

type FloatArray = Float64Array | Float32Array;

export function newFloats(program: TrainingProgram, size: number): FloatArray {
  return program.precision === 'f64' ? new Float64Array(size) : new Float32Array(size);
}

/** Zero initial states for that many rows. */
export function zeroStates(program: TrainingProgram, rows: number): Map<string, NdArray> {
  return new Map(
    program.states.map(({ initial, shape, dtype }) => [
      initial,
      zeros(program, [rows, ...shape], dtype),
    ]),
  );
}

/** The optimizer's parameters, `optimizer/WEIGHT/STATE`, weight by weight. */
export function optimizerNames(program: TrainingProgram): string[] {
  return program.weights.flatMap(({ name }) => optimizerNamesOf(program, name));
}

/** Zero optimizer states by their parameter names. */
export function zeroOptimizer(program: TrainingProgram): Map<string, NdArray> {
  const arrays = new Map<string, NdArray>();
  for (const { name, shape } of program.weights) {
    for (const state of optimizerNamesOf(program, name)) arrays.set(state, zeros(program, shape));
  }
  return arrays;
}

/** The arrays in the program's precision; floats that already are so stay the same arrays. */
export function inPrecision(
  program: TrainingProgram,
  arrays: ReadonlyMap<string, NdArray>,
): Map<string, NdArray> {
  const wanted = program.precision === 'f64' ? Float64Array : Float32Array;
  return new Map(
    [...arrays].map(([name, array]) => [
      name,
      array.dtype !== 'float' || array.data instanceof wanted
        ? array
        : { ...array, data: wanted.from(array.data) },
    ]),
  );
}

function optimizerNamesOf(program: TrainingProgram, weight: string): string[] {
  return program.optimizerStates.map((state) => `optimizer/${weight}/${state}`);
}

function zeros(
  program: TrainingProgram,
  shape: readonly number[],
  dtype: 'float' | 'int' = 'float',
): NdArray {
  const size = shape.reduce((n, extent) => n * extent, 1);
  return { dtype, shape, data: dtype === 'int' ? new Int32Array(size) : newFloats(program, size) };
}
