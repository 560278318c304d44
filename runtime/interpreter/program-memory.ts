/**
 * A program on memory of its own, for one binding of its symbols: tensors are written, dispatches
 * run, tensors read. Nothing here checks inputs; that is done before.
 */
import type { NdArray } from '../artifact/nd-array.ts';
import type { Program, ProgramParameter, ProgramResult } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { layOut, type Layout } from '../session/layout.ts';
import { resultArray } from '../session/result-array.ts';
import { compileFunctions } from './compile-functions.ts';
import { compileKernel, type InterpreterOptions, type RunKernel } from './compile-kernel.ts';
import { poison } from './poison.ts';
import { known, type Elements } from './scope.ts';

/** The same memory. */
function wordsOf(elements: Elements): Elements {
  if (elements instanceof Int32Array) return elements;
  return new Int32Array(elements.buffer, elements.byteOffset, elements.length);
}

/** A program whose kernels are ready to run on any memory. */
export interface CompiledProgram {
  readonly program: Program;
  readonly kernels: readonly RunKernel[];
  readonly options: InterpreterOptions;
}

export function compileProgram(program: Program, options: InterpreterOptions): CompiledProgram {
  const functionNamed = compileFunctions(program.functions);
  const kernels = program.kernels.map((kernel) => compileKernel(kernel, functionNamed, options));
  return { program, kernels, options };
}

export class ProgramMemory {
  private readonly compiled: CompiledProgram;
  private readonly bindings: Bindings;
  private readonly layout: Layout;
  /** By tensor. */
  private readonly tensors: readonly Elements[];

  constructor(compiled: CompiledProgram, bindings: Bindings) {
    const { program } = compiled;
    const layout = layOut(program, bindings);
    const { f32, i32 } = layout.memory;
    const arenas = { f32: new Float32Array(f32), i32: new Int32Array(i32) };
    if (compiled.options.poison === true) Object.values(arenas).forEach(poison);
    this.compiled = compiled;
    this.bindings = bindings;
    this.layout = layout;
    this.tensors = program.tensors.map(({ name, element }, position) => {
      const offset = layout.offsets[position] ?? 0;
      const length = layout.lengths[position] ?? 0;
      const elements = arenas[element].subarray(offset, offset + length);
      if (elements.length !== length) throw new Error(`tensor ${name} lies outside its arena`);
      return elements;
    });
  }

  /** Whether a run with these bindings can have it; with `poison` each run has its own. */
  servesNext(bindings: Bindings): boolean {
    const { program, options } = this.compiled;
    const same = program.symbols.every((s) => this.bindings.get(s) === bindings.get(s));
    return same && options.poison !== true;
  }

  write({ tensor }: ProgramParameter, { data }: NdArray): void {
    this.elementsOf(tensor).set(data);
  }

  read(of: ProgramParameter | ProgramResult): NdArray {
    return resultArray(of, this.bindings, this.elementsOf(of.tensor));
  }

  run(): void {
    for (const dispatch of this.layout.dispatches) {
      const kernel = known(this.compiled.kernels[dispatch.kernel], `kernel ${dispatch.kernel}`);
      const { buffers } = known(this.compiled.program.kernels[dispatch.kernel], 'its text');
      const tensors = dispatch.tensors.map((tensor, i) => {
        const elements = this.elementsOf(tensor);
        return buffers[i]?.element === 'i32' ? wordsOf(elements) : elements;
      });
      kernel(dispatch, tensors);
    }
  }

  private elementsOf(tensor: number): Elements {
    return known(this.tensors[tensor], `tensor ${tensor}`);
  }
}
