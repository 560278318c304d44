/** Tensor files of the command line: safetensors in, safetensors out. */
import type { NdArray } from '../../runtime/artifact/nd-array.ts';
import { fromNdArray, fromNdArrays, toNdArray } from '../../runtime/tensors/convert.ts';
import { fromInt8, scalesOf } from '../../runtime/tensors/int8.ts';
import {
  readSafetensors,
  writeSafetensors,
  type StoredTensor,
} from '../../runtime/tensors/safetensors.ts';
import { readBytes, writeAside } from './files.ts';
import { engineOf, type EngineOptions, type SpecOptions, type TensorOptions } from './options.ts';
import { print, printJson } from './output.ts';

export type Tensors = ReadonlyMap<string, StoredTensor>;

/** Codes of 8 bits that have scales beside them, as a bundle stores its weights, become F32. */
export function readTensors(file: string): Tensors {
  const { tensors } = readSafetensors(readBytes(file), file);
  const known = new Map(tensors);
  for (const [name, { dtype, shape, data }] of tensors) {
    const scales = tensors.get(scalesOf(name));
    if (dtype !== 'I8' || scales?.dtype !== 'F32' || scales.shape[0] !== shape[0]) continue;
    const numbers = fromInt8(Int8Array.from(data), toNdArray(name, scales).data);
    known.set(name, fromNdArray({ dtype: 'float', shape, data: numbers }));
    known.delete(scalesOf(name));
  }
  return known;
}

export function shapesOf(tensors: Tensors): Map<string, readonly number[]> {
  return new Map([...tensors].map(([name, t]) => [name, t.shape]));
}

/** The files that the options of `run` and `grad` name. */
export function readRequest(options: TensorOptions & EngineOptions): {
  engine: EngineOptions;
  input: Tensors;
  weights?: Tensors;
  init?: number;
} {
  const { weights, init } = options;
  return {
    engine: engineOf(options),
    input: readTensors(options.input),
    ...(weights === undefined ? {} : { weights: readTensors(weights) }),
    ...(init === undefined ? {} : { init }),
  };
}

/** Writes OUT and says what is in it. */
export function writeAnswer(
  options: TensorOptions & SpecOptions,
  arrays: ReadonlyMap<string, NdArray>,
): void {
  writeAside(options.output, writeSafetensors(fromNdArrays(arrays)));
  const loss = arrays.get('loss')?.data[0];
  const tensors = [...arrays].map(([name, { shape, data }]) => ({
    name,
    dtype: data instanceof Float64Array ? 'F64' : data instanceof Float32Array ? 'F32' : 'I32',
    shape,
  }));
  if (options.json === true) {
    printJson({
      ok: true,
      output: options.output,
      tensors,
      ...(loss === undefined ? {} : { loss }),
    });
    return;
  }
  if (loss !== undefined) print(`loss ${loss}`);
  print(tensors.map((t) => `${t.name} ${t.dtype} [${t.shape.join(', ')}]`).join('\n'));
}
