/**
 * Arrays for evaluation: allocation by dtype and precision, and copies between layouts. All arrays
 * are dense and row-major; strides are counted in elements. Arrays without elements are ordinary.
 */
import type { ElementData, ElementType, NdArray } from '../../runtime/artifact/nd-array.ts';
import type { Precision } from './op.ts';

/** A new array of zeros. */
export function zeros(dtype: ElementType, shape: readonly number[], precision: Precision): NdArray {
  return { dtype, shape, data: newData(dtype, countOf(shape), precision) };
}

export function newData(dtype: ElementType, length: number, precision: Precision): ElementData {
  switch (dtype) {
    case 'float':
      return precision === 'f64' ? new Float64Array(length) : new Float32Array(length);
    case 'int':
      return new Int32Array(length);
    case 'bool':
      return new Uint8Array(length);
  }
  dtype satisfies never;
}

export function countOf(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/**
 * Fills `to`, of the given shape, from a strided view: element (i, j, …) is
 * `from[offset + i*strides[0] + j*strides[1] + …]`. Stride 0 repeats.
 */
export function copyStrided(
  from: ElementData,
  offset: number,
  strides: readonly number[],
  shape: readonly number[],
  to: ElementData,
): void {
  if (to.length === 0) return;
  const view = mergeAxes(strides, shape);
  const last = view.shape.length - 1;
  let written = 0;
  const walk = (axis: number, start: number): void => {
    const size = view.shape[axis] ?? 1;
    const stride = view.strides[axis] ?? 0;
    if (axis >= last) {
      copyRow(from, start, stride, size, to, written);
      written += size;
      return;
    }
    for (let i = 0; i < size; i++) walk(axis + 1, start + i * stride);
  };
  walk(0, offset);
}

/** Joins neighbouring axes that one stride walks, so that rows are as long as they can be. */
function mergeAxes(
  strides: readonly number[],
  shape: readonly number[],
): { strides: number[]; shape: number[] } {
  const merged = { strides: new Array<number>(), shape: new Array<number>() };
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] ?? 1;
    const stride = strides[axis] ?? 0;
    if (size === 1) continue;
    const last = merged.shape.length - 1;
    if (last >= 0 && merged.strides[last] === stride * size) {
      merged.strides[last] = stride;
      merged.shape[last] = (merged.shape[last] ?? 1) * size;
    } else {
      merged.strides.push(stride);
      merged.shape.push(size);
    }
  }
  return merged;
}

/** A native copy costs a fixed fraction of a microsecond, so short rows are copied by hand. */
const nativeCopyFrom = 64;

function copyRow(
  from: ElementData,
  start: number,
  stride: number,
  size: number,
  to: ElementData,
  at: number,
): void {
  if (stride === 0) {
    to.fill(from[start] ?? 0, at, at + size);
  } else if (stride === 1 && size >= nativeCopyFrom) {
    to.set(from.subarray(start, start + size), at);
  } else {
    for (let i = 0; i < size; i++) to[at + i] = from[start + i * stride] ?? 0;
  }
}

/** Copies `size` neighbouring elements. */
export function copyBlock(
  from: ElementData,
  start: number,
  size: number,
  to: ElementData,
  at: number,
): void {
  copyRow(from, start, 1, size, to, at);
}

/** Element counts before, at and after an axis: the array is [outer, size, inner]. */
export function splitAt(
  shape: readonly number[],
  axis: number,
): { outer: number; size: number; inner: number } {
  return {
    outer: countOf(shape.slice(0, axis)),
    size: shape[axis] ?? 1,
    inner: countOf(shape.slice(axis + 1)),
  };
}

/**
 * Visits the rows along the last axis in ascending order, with the offset of each in the array and
 * in an array of the other strides (0 where that one has no such axis). A scalar is one row.
 */
export function eachRow(
  shape: readonly number[],
  otherStrides: readonly number[],
  visit: (start: number, otherStart: number) => void,
): void {
  if (countOf(shape) === 0) return;
  const last = shape.length - 1;
  const width = shape[last] ?? 1;
  let start = 0;
  const walk = (axis: number, otherStart: number): void => {
    if (axis >= last) {
      visit(start, otherStart);
      start += width;
      return;
    }
    const size = shape[axis] ?? 1;
    const stride = otherStrides[axis] ?? 0;
    for (let i = 0; i < size; i++) walk(axis + 1, otherStart + i * stride);
  };
  walk(0, 0);
}
