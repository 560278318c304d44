/** What the command and its page say to each other: JSON, with the numbers of arrays as base64. */
import type { NdArray } from '../../../../runtime/artifact/nd-array.ts';
import type { Program } from '../../../../runtime/artifact/program.ts';
import type { WasmForm } from '../../../../runtime/wasm/features.ts';
import type { Arrays } from '../../../verify/arrays.ts';
import type { WorkerFault } from '../worker-words.ts';

/** What the page's engine has. */
export interface PageFeatures {
  /** Undefined where there is no WebAssembly. */
  readonly wasm?: WasmForm;
  readonly webgpu?: { readonly description: string; readonly software: boolean };
}

/** A program without what its kernels do, which the module or the shaders say. */
export interface PageProgram {
  /** By which it is run later. */
  readonly id: number;
  readonly program: Program;
  readonly bindings: readonly (readonly [string, number])[];
  /** The bytes of a module, as base64; for WebAssembly. */
  readonly module?: string;
  /** For WebGPU. */
  readonly shaders?: readonly string[];
  readonly timeoutMs: number;
}

export interface PageJob {
  readonly id: number;
  readonly inputs: readonly PackedArray[];
  /** For steps in a row: what is fed, and the inputs of the steps after the first. */
  readonly steps?: {
    readonly feeds: readonly (readonly [string, string])[];
    readonly later: readonly (readonly PackedArray[])[];
  };
}

export interface PackedArray {
  readonly name: string;
  readonly dtype: NdArray['dtype'];
  readonly shape: readonly number[];
  readonly kind: keyof typeof kinds;
  readonly base64: string;
}

export type PageAnswer<T> = { readonly value: T } | { readonly fault: WorkerFault };

/** What the page has under the name `gatework`. */
export interface PageDoor {
  features(): Promise<PageAnswer<PageFeatures>>;
  open(program: PageProgram): Promise<PageAnswer<null>>;
  run(job: PageJob): Promise<PageAnswer<readonly PackedArray[]>>;
}

const kinds = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u8: Uint8Array,
} as const;

export function pack(arrays: Arrays): readonly PackedArray[] {
  return [...arrays].map(([name, { dtype, shape, data }]) => {
    const { buffer, byteOffset, byteLength } = data;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return { name, dtype, shape, kind: kindOf(data), base64: toBase64(bytes) };
  });
}

export function unpack(packed: readonly PackedArray[]): Arrays {
  return new Map(
    packed.map(({ name, dtype, shape, kind, base64 }) => {
      const data = new kinds[kind](fromBase64(base64).buffer);
      return [name, { dtype, shape, data }];
    }),
  );
}

function kindOf(data: NdArray['data']): PackedArray['kind'] {
  if (data instanceof Float64Array) return 'f64';
  if (data instanceof Float32Array) return 'f32';
  return data instanceof Int32Array ? 'i32' : 'u8';
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  // A call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
