/** First values for what a training step keeps (artifact/training.ts), in its precision. */
import type { NdArray } from '../artifact/nd-array.ts';
import type { TrainingProgram } from '../artifact/training.ts';

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
