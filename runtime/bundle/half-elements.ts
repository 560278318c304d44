/** Weights that are stored in f16. */
import { fromHalf } from '../tensors/half.ts';
import type { ReadElements } from './files.ts';

export const halfElements: ReadElements = (dtype, bytes) =>
  dtype === 'F16' ? Float32Array.from(new Uint16Array(bytes), fromHalf) : undefined;
