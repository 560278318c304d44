/**
 * Runs programs as WebAssembly modules on memory of their own, and single kernels as programs of
 * one dispatch. Every module is looked at by a second tool (wabt) before it is run.
 */
import { setFlagsFromString } from 'node:v8';
import wabt from 'wabt';
import { emitWasm, type WasmOptions } from '../../compiler/6-emit/wasm/emit.ts';
import { binary, int } from '../../compiler/kernel/build.ts';
import type { Kernel, KernelFunction, MemoryType } from '../../runtime/artifact/kernel.ts';
import type { Program, ProgramTensor } from '../../runtime/artifact/program.ts';
import { arrayBytes, scratchBytes } from '../../runtime/artifact/scratch.ts';
import { evaluateSize, type Bindings } from '../../runtime/artifact/size.ts';
import { wasmHost } from '../../runtime/wasm/webassembly.ts';
import { required } from './op-runs.ts';

export type Elements = Float32Array | Int32Array;
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

export interface WasmRun {
  readonly program: Program;
  readonly form: Form;
  readonly bindings?: Bindings;
  /** What tensors hold before, by position. */
  readonly tensors: readonly Elements[];
  /** So many bytes of the memory for arrays are 0 before, as in the interpreter. */
  readonly zeros?: number;
}

/** What the tensors hold after `prepare` and `run`. Nothing outside of them may have changed. */
export async function runWasm(run: WasmRun): Promise<readonly Elements[]> {
  const { program, form, tensors, bindings = new Map<string, number>() } = run;
  const bytes = emitWasm(program, { form, threads: false, profile: false });
  const text = validated(bytes, { form, threads: false });
  const places = placesOf(program, bindings);
  const host = required(wasmHost());
  const memory = new host.Memory({ initial: Math.ceil(places.end / 65536) });
  const words = new Int32Array(memory.buffer).fill(untouched);
  const views = tensors.map((tensor, at) => {
    const start = required(places.tensors[at]);
    const view =
      tensor instanceof Float32Array
        ? new Float32Array(memory.buffer, start, tensor.length)
        : new Int32Array(memory.buffer, start, tensor.length);
    view.set(tensor);
    return view;
  });
  words.fill(0, places.scratch / 4, (places.scratch + (run.zeros ?? 0)) / 4);
  const module = await host.compile(bytes);
  const { exports } = new host.Instance(module, { env: { memory } });
  const symbols = program.symbols.map((name) => bindings.get(name) ?? 0);
  const { f32, i32, scratch } = places;
  for (const name of ['prepare', 'run']) {
    callable(exports[name])(f32, i32, scratch, 0, 1, 0, 0, ...symbols);
  }
  const found = views.map((view) => view.slice());
  for (const { byteOffset, length } of views) {
    words.fill(untouched, byteOffset / 4, byteOffset / 4 + length);
  }
  words.fill(untouched, scratch / 4, (scratch + scratchBytes(program)) / 4);
  const at = words.findIndex((word) => word !== untouched);
  if (at !== -1) throw new Error(`a store outside of every tensor, at byte ${4 * at}\n${text}`);
  return found;
}

/** The kernels that a module with marks tells of, in their order. */
export async function marksOf(
  program: Program,
  bindings: Bindings,
): Promise<Readonly<Record<'prepare' | 'run', readonly number[]>>> {
  const host = required(wasmHost());
  const options = { form: 'simd', threads: false, profile: true } as const;
  const module = await host.compile(emitWasm(program, options));
  const places = placesOf(program, bindings);
  const memory = new host.Memory({ initial: Math.ceil(places.end / 65536) });
  let marks: number[] = [];
  const mark = (kernel: number): unknown => marks.push(kernel);
  const { exports } = new host.Instance(module, { env: { memory, mark } });
  const symbols = program.symbols.map((name) => bindings.get(name) ?? 0);
  const { f32, i32, scratch } = places;
  const marksIn = (name: 'prepare' | 'run'): readonly number[] => {
    marks = [];
    callable(exports[name])(f32, i32, scratch, 0, 1, 0, 0, ...symbols);
    return marks;
  };
  return { prepare: marksIn('prepare'), run: marksIn('run') };
}

export interface KernelRun {
  readonly kernel: Kernel;
  readonly functions?: readonly KernelFunction[];
  readonly form: Form;
  /** What the kernel's buffers hold before, by position. */
  readonly tensors: readonly Elements[];
  readonly sizes?: readonly number[];
  readonly step?: number;
  readonly groups?: readonly [number, number, number];
}

export function runKernel(run: KernelRun): Promise<readonly Elements[]> {
  const { kernel, form, tensors } = run;
  const zeros = kernel.shared.reduce((sum, array) => sum + arrayBytes(array), 0);
  return runWasm({ program: programOf(run), form, tensors, zeros });
}

/** A program of one dispatch, whose tensors lie apart so that a stray store shows. */
export function programOf(run: Omit<KernelRun, 'form'>): Program {
  const { kernel, functions = [], tensors, sizes = [], step = 0, groups = [1, 1, 1] } = run;
  const ends: Record<MemoryType, number> = { f32: gap, i32: gap };
  const placed = tensors.map((tensor, at): ProgramTensor => {
    const element = tensor instanceof Float32Array ? 'f32' : 'i32';
    const offset = int(ends[element]);
    ends[element] += 4 * Math.ceil(tensor.length / 4) + gap;
    return { name: `t${at}`, element, length: int(tensor.length), offset };
  });
  const [x, y, z] = groups;
  return {
    ...{
      format: 'gatework-program-1',
      name: kernel.name,
      symbols: [],
      parameters: [],
      results: [],
    },
    tensors: placed,
    memory: { f32: int(ends.f32), i32: int(ends.i32) },
    functions,
    kernels: [kernel],
    prepare: [],
    steps: [
      {
        ...{ kind: 'dispatch', kernel: 0, tensors: tensors.map((_, at) => at) },
        ...{ sizes: sizes.map(int), step: int(step), groups: [int(x), int(y), int(z)] },
      },
    ],
  };
}

const gap = 8;
const untouched = 0x5a5a5a5a;

interface Places {
  readonly f32: number;
  readonly i32: number;
  readonly scratch: number;
  /** By tensor, in bytes, as are all of these. */
  readonly tensors: readonly number[];
  readonly end: number;
}

/** The arenas one after another, with some room before and between them. */
function placesOf(program: Program, bindings: Bindings): Places {
  const f32 = 64;
  const i32 = f32 + bytesOf(program.memory.f32, bindings) + 64;
  const scratch = i32 + bytesOf(program.memory.i32, bindings) + 64;
  const tensors = program.tensors.map(({ element, offset }) => {
    return (element === 'f32' ? f32 : i32) + 4 * evaluateSize(offset, bindings);
  });
  return { f32, i32, scratch, tensors, end: scratch + scratchBytes(program) + 64 };
}

function bytesOf(elements: Program['memory']['f32'], bindings: Bindings): number {
  return evaluateSize(
    binary('mul', binary('div', binary('add', elements, int(3)), int(4)), int(16)),
    bindings,
  );
}

export function callable(value: unknown): (...args: readonly number[]) => void {
  if (typeof value !== 'function') throw new Error('a module exports no such function');
  return value as (...args: readonly number[]) => void;
}
