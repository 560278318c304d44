/**
 * What is used of the host's `WebAssembly`. Its types come with those of a page, which this runtime
 * does not presuppose; and an engine may lack it altogether.
 */

/** A compiled module; several instances may be made of it, in other threads too. */
export type WasmModule = object;

export interface WasmMemory {
  /** Another object after each growth. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** By pages of 64 KiB. RangeError where there is no more. */
  grow(pages: number): number;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WasmBytes = ArrayBuffer | ArrayBufferView;

type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface WasmHost {
  validate(bytes: WasmBytes): boolean;
  compile(bytes: WasmBytes): Promise<WasmModule>;
  readonly Module: { imports(module: WasmModule): readonly { readonly name: string }[] };
  readonly Instance: new (module: WasmModule, imports: Imports) => WasmInstance;
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }) => WasmMemory;
}

/** Undefined where the engine has none, as some do in a mode that allows no code to be made. */
export function wasmHost(): WasmHost | undefined {
  return (globalThis as { readonly WebAssembly?: WasmHost }).WebAssembly;
}

export const pageBytes = 65536;
