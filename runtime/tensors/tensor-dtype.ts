/** Element types of a safetensors file that are understood, and their sizes. */

export type TensorDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I8' | 'U8' | 'BOOL';

const sizes: ReadonlyMap<string, number> = new Map<TensorDtype, number>([
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I64', 8],
  ['I32', 4],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
]);

export const tensorDtypes: readonly string[] = [...sizes.keys()];

export function isTensorDtype(text: string): text is TensorDtype {
  return sizes.has(text);
}

export function bytesPerElement(dtype: TensorDtype): number {
  return sizes.get(dtype) ?? 0;
}
