/**
 * Runs programs on memory of their own, and single kernels as programs of one dispatch, whatever
 * code does it. Nothing outside of their tensors may change.
 */
import { binary, int } from '../../compiler/kernel/build.ts';
import type { Kernel, KernelFunction, MemoryType } from '../../runtime/artifact/kernel.ts';
import type { Program, ProgramTensor } from '../../runtime/artifact/program.ts';
import { arrayBytes, scratchBytes } from '../../runtime/artifact/scratch.ts';
import { evaluateSize, type Bindings } from '../../runtime/artifact/size.ts';
import { entriesOf, type EntryName } from '../../runtime/linear/instance.ts';
import { required } from './op-runs.ts';

export type Elements = Float32Array | Int32Array;

export interface ProgramRun {
  readonly program: Program;
  readonly bindings?: Bindings;
  /** What tensors hold before, by position. */
  readonly tensors: readonly Elements[];
  /** So many bytes of the memory for arrays are 0 before, as in the interpreter. */
  readonly zeros?: number;
}

/** Code on memory that it was given. */
export interface OpenCode {
  readonly buffer: ArrayBuffer;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** What the tensors hold after `prepare` and `run`. `open` makes memory of so many bytes. */
export function runOnMemory(
  run: ProgramRun,
  open: (bytes: number) => OpenCode,
): readonly Elements[] {
  const { program, tensors, bindings = new Map<string, number>() } = run;
  const places = placesOf(program, bindings);
  const { buffer, exports } = open(places.end);
  const words = new Int32Array(buffer).fill(untouched);
  const views = tensors.map((tensor, at) => {
    const start = required(places.tensors[at]);
    const view =
      tensor instanceof Float32Array
        ? new Float32Array(buffer, start, tensor.length)
        : new Int32Array(buffer, start, tensor.length);
    view.set(tensor);
    return view;
  });
  words.fill(0, places.scratch / 4, (places.scratch + (run.zeros ?? 0)) / 4);
  for (const name of ['prepare', 'run'] as const) callEntry(exports, name, program, bindings);
  const found = views.map((view) => view.slice());
  for (const { byteOffset, length } of views) {
    words.fill(untouched, byteOffset / 4, byteOffset / 4 + length);
  }
  words.fill(untouched, places.scratch / 4, (places.scratch + scratchBytes(program)) / 4);
  const at = words.findIndex((word) => word !== untouched);
  if (at !== -1) throw new Error(`a store outside of every tensor, at byte ${4 * at}`);
  return found;
}

/** Bytes of memory in which `callEntry` has everything. */
export function bytesFor(program: Program, bindings: Bindings): number {
  return placesOf(program, bindings).end;
}

export function callEntry(
  exports: Readonly<Record<string, unknown>>,
  name: EntryName,
  program: Program,
  bindings: Bindings,
): void {
  const { f32, i32, scratch } = placesOf(program, bindings);
  const symbols = program.symbols.map((symbol) => bindings.get(symbol) ?? 0);
  entriesOf(exports)[name](f32, i32, scratch, 0, 1, 0, 0, ...symbols);
}

export interface KernelRun {
  readonly kernel: Kernel;
  readonly functions?: readonly KernelFunction[];
  /** What the kernel's buffers hold before, by position. */
  readonly tensors: readonly Elements[];
  readonly sizes?: readonly number[];
  readonly step?: number;
  readonly groups?: readonly [number, number, number];
}

/** The kernel as a program of one dispatch, whose shared arrays are 0 before. */
export function kernelProgramRun(run: KernelRun): ProgramRun {
  const zeros = run.kernel.shared.reduce((sum, array) => sum + arrayBytes(array), 0);
  return { program: programOf(run), tensors: run.tensors, zeros };
}

/** A program of one dispatch, whose tensors lie apart so that a stray store shows. */
export function programOf(run: KernelRun): Program {
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
