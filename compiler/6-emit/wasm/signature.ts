/** The types of what a function takes and leaves. */
import type { WasmType } from './opcodes.ts';

export interface Signature {
  readonly parameters: readonly WasmType[];
  readonly result?: WasmType;
}
