/** The tensors of a bundle as a file, and where in it each lies. */
import type { BundleFile } from '../../../runtime/artifact/bundle.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import { fingerprint } from '../../../runtime/bundle/fingerprint.ts';
import { RuntimeFault } from '../../../runtime/artifact/executable.ts';
import { fromNdArray } from '../../../runtime/tensors/convert.ts';
import { fromHalf, toHalf } from '../../../runtime/tensors/half.ts';
import { fromInt8, scalesOf, toInt8 } from '../../../runtime/tensors/int8.ts';
import { writeSafetensors, type StoredTensor } from '../../../runtime/tensors/safetensors.ts';
import { leastScale } from '../../5-schedule/scales.ts';
import type { Precision } from '../../7-bundle/precision.ts';

export interface StoredFile {
  readonly bytes: Uint8Array;
  readonly file: BundleFile;
}

export interface StoredWeights extends StoredFile {
  /** What a reader of the file has: the numbers that the precision holds, in f32. */
  readonly held: ReadonlyMap<string, NdArray>;
  /** By weight whose codes products may read as they are: the tensor of its scales. */
  readonly scales: ReadonlyMap<string, string>;
}

/**
 * `int8`: a code for each number of a matrix, a scale for each of its rows; a row is what one
 * output of a product comes from, or one embedding. Vectors, biases among them, stay f32: they are
 * few, and what they are off by would be added to every sum. Faults: R7806 for a number that the
 * precision cannot hold.
 */
export function storeWeights(
  name: string,
  arrays: ReadonlyMap<string, NdArray>,
  precision: Precision,
): StoredWeights {
  const held = new Map<string, NdArray>();
  const stored = new Map<string, StoredTensor>();
  const scales = new Map<string, string>();
  for (const [key, array] of arrays) {
    const { tensors, data, readable = false } = inPrecision(precision, key, array);
    for (const [name, tensor] of tensors) stored.set(name, tensor);
    if (readable) scales.set(key, scalesOf(key));
    held.set(key, { ...array, data });
  }
  return { held, scales, ...fileOf(name, writeSafetensors(stored)) };
}

/** Floats as F32. */
export function storeArrays(
  name: string,
  arrays: ReadonlyMap<string, NdArray>,
  metadata: ReadonlyMap<string, string>,
): StoredFile {
  const stored = new Map([...arrays].map(([key, array]) => [key, inF32(array)]));
  return fileOf(name, writeSafetensors(stored, metadata));
}

function fileOf(name: string, bytes: Uint8Array): StoredFile {
  return { bytes, file: { file: name, hash: fingerprint(bytes) } };
}

interface Held {
  readonly tensors: readonly (readonly [string, StoredTensor])[];
  readonly data: Float32Array;
  /** Whether it is codes that products may read. */
  readonly readable?: boolean;
}

function inPrecision(precision: Precision, name: string, array: NdArray): Held {
  const { shape } = array;
  const [rows = 0] = shape;
  const single = Float32Array.from(array.data);
  if (precision === 'int8' && shape.length > 1 && rows > 0) {
    refuse(precision, name, array, (i) => !Number.isFinite(single[i]));
    const { codes, scales } = toInt8(single, rows);
    const tensors: Held['tensors'] = [
      [name, { dtype: 'I8', shape, data: new Uint8Array(codes.buffer) }],
      [scalesOf(name), inF32({ dtype: 'float', shape: [rows], data: scales })],
    ];
    const readable = scales.every((scale) => scale === 0 || scale >= leastScale);
    return { tensors, data: fromInt8(codes, scales), readable };
  }
  const halves = precision === 'f16' ? Uint16Array.from(single, toHalf) : undefined;
  const data = halves === undefined ? single : Float32Array.from(halves, fromHalf);
  refuse(precision, name, array, (i) => Math.abs(data[i] ?? 0) === Infinity && isFinite(i, array));
  const tensor: StoredTensor =
    halves === undefined
      ? inF32({ ...array, data })
      : { dtype: 'F16', shape, data: new Uint8Array(halves.buffer) };
  return { tensors: [[name, tensor]], data };
}

function isFinite(i: number, { data }: NdArray): boolean {
  return Number.isFinite(data[i]);
}

function refuse(
  precision: Precision,
  name: string,
  { data }: NdArray,
  isLost: (i: number) => boolean,
): void {
  const lost = data.findIndex((_: number, i: number) => isLost(i));
  if (lost === -1) return;
  throw new RuntimeFault(
    'R7806',
    `${name} holds ${String(data[lost])}, which ${precision} cannot`,
    'build with --precision f32',
  );
}

function inF32(array: NdArray): StoredTensor {
  if (array.dtype !== 'float') return fromNdArray({ ...array, data: Int32Array.from(array.data) });
  return fromNdArray({ ...array, data: Float32Array.from(array.data) });
}
