/**
 * Runs programs as WebAssembly modules on memory of their own, and single kernels as programs of
 * one dispatch. Every module is looked at by a second tool (wabt) before it is run.
 */
import { setFlagsFromString } from 'node:v8';
import wabt from 'wabt';
import { emitWasm, type WasmOptions } from '../../compiler/6-emit/wasm/emit.ts';
import type { Program } from '../../runtime/artifact/program.ts';
import type { Bindings } from '../../runtime/artifact/size.ts';
import { wasmHost, type WasmHost, type WasmMemory } from '../../runtime/wasm/webassembly.ts';
import {
  bytesFor,
  callEntry,
  kernelProgramRun,
  runOnMemory,
  type Elements,
  type KernelRun,
  type ProgramRun,
} from './memory-runs.ts';
import { required } from './op-runs.ts';

export type Form = WasmOptions['form'];

export const forms: readonly Form[] = ['simd', 'scalar', 'relaxed'];

// Node 20 has the instructions behind a flag, later ones know no such flag.
setFlagsFromString('--experimental-wasm-relaxed-simd');

const tool = await wabt();

/** The module as text; whatever the tool finds wrong with it is thrown. */
export function validated(
  bytes: Uint8Array<ArrayBuffer>,
  { form, threads }: Pick<WasmOptions, 'form' | 'threads'>,
): string {
  const features = {
    ...{ sat_float_to_int: true, bulk_memory: false, reference_types: false, multi_value: false },
    ...{ simd: form !== 'scalar', relaxed_simd: form === 'relaxed', threads },
  };
  const module = tool.readWasm(bytes, { ...features, readDebugNames: true });
  // It asks for the features once more, which its types do not say.
  const validate: (allowed: typeof features) => void = module.validate.bind(module);
  try {
    validate(features);
    module.applyNames();
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
}

/** What the tensors hold after `prepare` and `run`. Nothing outside of them may have changed. */
export async function runWasm(
  run: ProgramRun & Pick<WasmOptions, 'form' | 'small'>,
): Promise<readonly Elements[]> {
  const { program, form, small = false } = run;
  const bytes = emitWasm(program, { form, threads: false, profile: false, small });
  const text = validated(bytes, { form, threads: false });
  const host = required(wasmHost());
  const module = await host.compile(bytes);
  try {
    return runOnMemory(run, (size) => {
      const memory = newMemory(host, size);
      const { exports } = new host.Instance(module, { env: { memory } });
      return { buffer: bufferOf(memory), exports };
    });
  } catch (error) {
    throw new Error(text, { cause: error });
  }
}

export function runKernel(
  run: KernelRun & Pick<WasmOptions, 'form' | 'small'>,
): Promise<readonly Elements[]> {
  const { form, small = false } = run;
  return runWasm({ ...kernelProgramRun(run), form, small });
}

/** The kernels that a module with marks tells of, in their order. */
export async function marksOf(
  program: Program,
  bindings: Bindings,
): Promise<Readonly<Record<'prepare' | 'run', readonly number[]>>> {
  const host = required(wasmHost());
  const options = { form: 'simd', threads: false, profile: true } as const;
  const module = await host.compile(emitWasm(program, options));
  const memory = newMemory(host, bytesFor(program, bindings));
  let marks: number[] = [];
  const mark = (kernel: number): unknown => marks.push(kernel);
  const { exports } = new host.Instance(module, { env: { memory, mark } });
  const marksIn = (name: 'prepare' | 'run'): readonly number[] => {
    marks = [];
    callEntry(exports, name, program, bindings);
    return marks;
  };
  return { prepare: marksIn('prepare'), run: marksIn('run') };
}

function newMemory(host: WasmHost, bytes: number): WasmMemory {
  return new host.Memory({ initial: Math.ceil(bytes / 65536) });
}

function bufferOf({ buffer }: WasmMemory): ArrayBuffer {
  if (!(buffer instanceof ArrayBuffer)) throw new Error('memory is shared');
  return buffer;
}
