/** Weights of a bundle in other types than F32: each bundle has the one that its file needs. */
import { fromHalf } from '../tensors/half.ts';
import { fromInt8, scalesOf } from '../tensors/int8.ts';
import type { Decode } from './files.ts';

export const decodeF16: Decode = (_, dtype, buffer) =>
  dtype === 'F16' ? Float32Array.from(new Uint16Array(buffer), fromHalf) : undefined;

export const decodeInt8: Decode = (name, dtype, buffer, numbersOf) =>
  dtype === 'I8' ? fromInt8(new Int8Array(buffer), numbersOf(scalesOf(name))) : undefined;
