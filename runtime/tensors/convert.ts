/**
 * Between the arrays of a program and the tensors of a file. Every float type widens to what a
 * program computes with (F16 and BF16 to 32 bits, exactly); whole numbers become 32-bit ints.
 */
import { RuntimeFault } from '../artifact/executable.ts';
import type { NdArray } from '../artifact/nd-array.ts';
import { fromHalf } from './half.ts';
import type { StoredTensor } from './safetensors.ts';

/**
 * F64, F32, F16 and BF16 become `float`; I64, I32, I8 and U8 `int`; BOOL `bool`. A whole number
 * beyond 32 bits is fault R7108, which names the tensor.
 */
export function toNdArray(name: string, tensor: StoredTensor): NdArray {
  const { shape } = tensor;
  // A copy begins at offset 0, so that a typed array may stand on it; slice() of Node's Buffer
  // would not copy. Hosts are little-endian.
  const copy = new Uint8Array(tensor.data);
  const { buffer } = copy;
  switch (tensor.dtype) {
    case 'F64':
      return { dtype: 'float', shape, data: new Float64Array(buffer) };
    case 'F32':
      return { dtype: 'float', shape, data: new Float32Array(buffer) };
    case 'F16':
      return { dtype: 'float', shape, data: Float32Array.from(new Uint16Array(buffer), fromHalf) };
    case 'BF16':
      return { dtype: 'float', shape, data: fromBrainFloat(new Uint16Array(buffer)) };
    case 'I64':
      return { dtype: 'int', shape, data: narrow(name, new Int32Array(buffer)) };
    case 'I32':
      return { dtype: 'int', shape, data: new Int32Array(buffer) };
    case 'I8':
      return { dtype: 'int', shape, data: Int32Array.from(new Int8Array(buffer)) };
    case 'U8':
      return { dtype: 'int', shape, data: Int32Array.from(copy) };
    case 'BOOL':
      return { dtype: 'bool', shape, data: copy.map((byte) => (byte === 0 ? 0 : 1)) };
    default:
      return tensor.dtype satisfies never;
  }
}

/** Float64Array to F64, Float32Array to F32, `int` to I32, `bool` to BOOL. */
export function fromNdArray(array: NdArray): StoredTensor {
  const { data, shape } = array;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  if (data instanceof Float64Array) return { dtype: 'F64', shape, data: bytes };
  if (data instanceof Float32Array) return { dtype: 'F32', shape, data: bytes };
  return { dtype: data instanceof Int32Array ? 'I32' : 'BOOL', shape, data: bytes };
}

export function fromNdArrays(arrays: ReadonlyMap<string, NdArray>): Map<string, StoredTensor> {
  return new Map([...arrays].map(([name, array]) => [name, fromNdArray(array)]));
}

export function toNdArrays(tensors: ReadonlyMap<string, StoredTensor>): Map<string, NdArray> {
  return new Map([...tensors].map(([name, tensor]) => [name, toNdArray(name, tensor)]));
}

/** Pairs of 32-bit halves, low first, to 32-bit ints. */
function narrow(name: string, halves: Int32Array): Int32Array {
  const narrowed = new Int32Array(halves.length / 2);
  for (let i = 0; i < narrowed.length; i++) {
    const low = halves[2 * i] ?? 0;
    const high = halves[2 * i + 1] ?? 0;
    if (high !== low >> 31) {
      const value = (BigInt(high) << 32n) | BigInt(low >>> 0);
      throw new RuntimeFault(
        'R7108',
        `tensor \`${name}\` holds ${value.toString()} at element ${i}, ` +
          'which does not fit a 32-bit id or length',
      );
    }
    narrowed[i] = low;
  }
  return narrowed;
}

/** The upper half of a binary32. */
function fromBrainFloat(words: Uint16Array): Float32Array {
  const bits = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i++) bits[i] = (words[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}
