import type { WasmType } from './opcodes.ts';

/** What a function takes and leaves. */
export interface Signature {
  readonly parameters: readonly WasmType[];
  readonly result?: WasmType;
}
