/** The tensors of a bundle as a file, and where in it each lies. */
import type { BundleFile } from '../../../runtime/artifact/bundle.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { fingerprint } from '../../../runtime/bundle/fingerprint.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { fromHalf, toHalf } from '../../../runtime/tensors/half.ts';
import { writeSafetensors, type StoredTensor } from '../../../runtime/tensors/safetensors.ts';

export const precisions = ['f32', 'f16'] as const;
export type Precision = (typeof precisions)[number];

export interface StoredFile {
  readonly bytes: Uint8Array;
  readonly file: BundleFile;
}

/**
 * Floats as this precision holds them, in f32. Faults: R7806 for one that it cannot hold.
 */
export function inPrecision(
  arrays: ReadonlyMap<string, NdArray>,
  precision: Precision,
): Map<string, NdArray> {
  return new Map(
    [...arrays].map(([name, array]) => {
      const data = Float32Array.from(array.data, (value) => {
        return precision === 'f16' ? fromHalf(toHalf(value)) : value;
      });
      const lost = data.findIndex((value, i) => !Number.isFinite(value) && value !== array.data[i]);
      if (lost === -1 || Number.isNaN(array.data[lost])) return [name, { ...array, data }];
      throw new RuntimeFault(
        'R7806',
        `${name} holds ${String(array.data[lost])}, which ${precision} cannot`,
        'build with --precision f32',
      );
    }),
  );
}

/** Floats in this precision; ints as they are. */
export function storeArrays(
  name: string,
  arrays: ReadonlyMap<string, NdArray>,
  precision: Precision,
  metadata: ReadonlyMap<string, string> = new Map(),
): StoredFile {
  const stored = new Map([...arrays].map(([key, array]) => [key, storedIn(precision, array)]));
  const bytes = writeSafetensors(stored, metadata);
  return { bytes, file: { file: name, hash: fingerprint(bytes) } };
}

function storedIn(precision: Precision, { dtype, shape, data }: NdArray): StoredTensor {
  if (dtype !== 'float') return { dtype: 'I32', shape, data: bytesOf(Int32Array.from(data)) };
  if (precision === 'f16') {
    return { dtype: 'F16', shape, data: bytesOf(Uint16Array.from(data, toHalf)) };
  }
  return { dtype: 'F32', shape, data: bytesOf(Float32Array.from(data)) };
}

function bytesOf({ buffer }: Int32Array | Uint16Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer);
}
