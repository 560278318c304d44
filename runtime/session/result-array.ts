/** From what memory holds to the array that a driver gets: f32 as float, i32 as int or bool. */
import type { ElementType, NdArray } from '../artifact/nd-array.ts';
import { evaluateDim, type Bindings, type Dim } from '../artifact/size.ts';

/**
 * A fresh array of this form under the bindings; `memory` begins with its elements, and may hold
 * more. Floats become a Float32Array, ints an Int32Array, bools (not 0 is true) a Uint8Array.
 */
export function resultArray(
  { dtype, shape }: { readonly dtype: ElementType; readonly shape: readonly Dim[] },
  bindings: Bindings,
  memory: Float32Array | Int32Array,
): NdArray {
  const sizes = shape.map((dim) => evaluateDim(dim, bindings));
  const elements = memory.subarray(
    0,
    sizes.reduce((count, size) => count * size, 1),
  );
  switch (dtype) {
    case 'float':
      return { dtype, shape: sizes, data: new Float32Array(elements) };
    case 'int':
      return { dtype, shape: sizes, data: new Int32Array(elements) };
    case 'bool':
      return { dtype, shape: sizes, data: Uint8Array.from(elements, (x) => (x === 0 ? 0 : 1)) };
  }
  return dtype satisfies never;
}
