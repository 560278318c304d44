/** The array that passes between a program and its driver. Imports nothing. */

export type ElementType = 'float' | 'int' | 'bool';

export type ElementData = Float64Array | Float32Array | Int32Array | Uint8Array;

/**
 * A dense row-major array. `float` data is Float64Array or Float32Array, `int` Int32Array, `bool`
 * Uint8Array (0 or 1). A scalar has shape [] and one element.
 */
export interface NdArray {
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: ElementData;
}
