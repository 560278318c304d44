/**
 * What this engine's WebAssembly can do, tried on modules of a few bytes: whether they are valid is
 * the answer, and nothing of them runs.
 */
import { wasmHost } from './webassembly.ts';

/**
 * How a program's vectors are written: `relaxed` with multiply-adds that round once or twice as the
 * machine likes, `simd` without, `scalar` for engines that have no vectors.
 */
export type WasmForm = 'relaxed' | 'simd' | 'scalar';

export interface WasmFeatures {
  readonly simd: boolean;
  readonly relaxed: boolean;
  /** Memory that several threads may work on; in a page only where it is cross-origin isolated. */
  readonly threads: boolean;
}

/** All false where there is no WebAssembly. */
export function wasmFeatures(): WasmFeatures {
  const isValid = (body: readonly number[]): boolean =>
    wasmHost()?.validate(Uint8Array.from(body)) === true;
  const shareable =
    typeof SharedArrayBuffer === 'function' &&
    (globalThis as { readonly crossOriginIsolated?: boolean }).crossOriginIsolated !== false;
  return {
    simd: isValid(vectorProbe([...four, ...four, 0xfd, 0xe4, 0x01])),
    relaxed: isValid(vectorProbe([...four, ...four, ...four, 0xfd, 0x85, 0x02])),
    threads: shareable && isValid(atomicProbe),
  };
}

/** The best form there is. How fast each is depends on engine and program. */
export function formOf({ simd, relaxed }: WasmFeatures): WasmForm {
  if (relaxed) return 'relaxed';
  return simd ? 'simd' : 'scalar';
}

/** The header, and one function of type 0. */
const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const oneFunction = [3, 2, 1, 0];

/** i32.const 0, i32x4.splat */
const four = [0x41, 0, 0xfd, 0x11];

/** `() -> v128` with this code: f32x4.add is 0xe4, f32x4.relaxed_madd 0x105. */
function vectorProbe(code: readonly number[]): number[] {
  const body = [0, ...code, 0x0b];
  const resultsInVector = [1, 5, 1, 0x60, 0, 1, 0x7b];
  const section = [10, body.length + 2, 1, body.length, ...body];
  return [...header, ...resultsInVector, ...oneFunction, ...section];
}

/** Shared memory of one page, and i32.atomic.load of its first word. */
const atomicProbe = [
  ...header,
  ...[1, 5, 1, 0x60, 0, 1, 0x7f],
  ...oneFunction,
  ...[5, 4, 1, 3, 1, 1],
  ...[10, 10, 1, 8, 0, 0x41, 0, 0xfe, 0x10, 2, 0, 0x0b],
];
