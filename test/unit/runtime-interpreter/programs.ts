/** Programs that are written by hand: what a test does not care about is filled in. */
import { add, div, int, mul } from '../../../compiler/kernel/build.ts';
import type {
  Expression,
  Kernel,
  KernelBuffer,
  MemoryType,
  Statement,
} from '../../../runtime/artifact/kernel.ts';
import type { NdArray } from '../../../runtime/artifact/nd-array.ts';
import type {
  Dispatch,
  Program,
  ProgramParameter,
  ProgramResult,
} from '../../../runtime/artifact/program.ts';
import type { Dim } from '../../../runtime/artifact/size.ts';
import type { InterpreterOptions } from '../../../runtime/interpreter/compile-kernel.ts';
import { KernelInterpreter } from '../../../runtime/interpreter/kernel-interpreter.ts';

export function fixed(value: number): Dim {
  return { constant: value, terms: [] };
}

export function symbol(name: string): Dim {
  return { constant: 0, terms: [{ symbol: name, coefficient: 1 }] };
}

export function kernelOf(parts: Partial<Kernel> & { readonly body: readonly Statement[] }): Kernel {
  return {
    name: 'test.kernel',
    buffers: [],
    sizes: [],
    workgroup: [1, 1, 1],
    shared: [],
    registers: [],
    ...parts,
  };
}

export interface TensorForm {
  readonly name: string;
  readonly element?: MemoryType;
  readonly length: Expression;
}

/** Tensors lie behind one another in their arenas, each at a multiple of 4. */
export function programOf(
  parts: Partial<Omit<Program, 'tensors'>> & { readonly tensors: readonly TensorForm[] },
): Program {
  const ends: Record<MemoryType, Expression> = { f32: int(0), i32: int(0) };
  const tensors = parts.tensors.map(({ name, element = 'f32', length }) => {
    const offset = ends[element];
    ends[element] = mul(div(add(add(offset, length), int(3)), int(4)), int(4));
    return { name, element, length, offset };
  });
  return {
    format: 'gatework-program-1',
    name: 'test',
    symbols: [],
    parameters: [],
    results: [],
    functions: [],
    kernels: [],
    prepare: [],
    steps: [],
    memory: ends,
    ...parts,
    tensors,
  };
}

export function dispatchOf(parts: Partial<Dispatch>): Dispatch {
  return {
    kind: 'dispatch',
    kernel: 0,
    tensors: [],
    sizes: [],
    groups: [int(1), int(1), int(1)],
    ...parts,
  };
}

export function parameterOf(
  name: string,
  tensor: number,
  shape: readonly Dim[],
  rest: Partial<ProgramParameter> = {},
): ProgramParameter {
  return { name, role: 'input', dtype: 'float', shape, tensor, ...rest };
}

export function resultOf(
  name: string,
  tensor: number,
  shape: readonly Dim[],
  rest: Partial<ProgramResult> = {},
): ProgramResult {
  return { name, dtype: 'float', shape, tensor, ...rest };
}

/**
 * Runs one kernel once, its buffers being parameters (what is only read), results (only written) or
 * both, each with as many elements as its array; gives the results.
 */
export async function runKernel(
  kernel: Kernel,
  arrays: Readonly<Record<string, NdArray>>,
  dispatch: Partial<Dispatch> = {},
  options: InterpreterOptions = {},
): Promise<ReadonlyMap<string, NdArray>> {
  const forms = kernel.buffers.map(({ name, element, access }, tensor) => {
    const array = arrays[name];
    if (array === undefined) throw new Error(`no array ${name}`);
    const { dtype, shape } = array;
    return { name, element, access, tensor, dtype, shape: shape.map(fixed), array };
  });
  const parameters = forms.filter(({ access }) => access !== 'write');
  const program = programOf({
    tensors: forms.map(({ name, element, array }) => ({
      name,
      element,
      length: int(array.data.length),
    })),
    parameters: parameters.map((form) => ({ ...form, role: 'input' })),
    results: forms.filter(({ access }) => access !== 'read'),
    kernels: [kernel],
    prepare: [],
    steps: [dispatchOf({ tensors: forms.map(({ tensor }) => tensor), ...dispatch })],
  });
  const interpreter = new KernelInterpreter(program, new Map(), options);
  return interpreter.run(new Map(parameters.map(({ name, array }) => [name, array])));
}

export function numbersOf(results: ReadonlyMap<string, NdArray>, name: string): number[] {
  const result = results.get(name);
  if (result === undefined) throw new Error(`no result ${name}`);
  return [...result.data];
}

/** An array of nothing in particular, for a result. */
export function blank(...shape: number[]): NdArray {
  return {
    dtype: 'float',
    shape,
    data: new Float32Array(shape.reduce((n, extent) => n * extent, 1)),
  };
}

export function letOf(name: string, value: Expression): Statement {
  return { kind: 'let', name, value };
}

export function varOf(name: string, value: Expression): Statement {
  return { kind: 'var', name, value };
}

export function assign(name: string, value: Expression): Statement {
  return { kind: 'assign', name, value };
}

export function store(memory: string, index: Expression, value: Expression): Statement {
  return { kind: 'store', memory, index, value };
}

export const barrier: Statement = { kind: 'barrier' };

export function reads(name: string, element: MemoryType = 'f32'): KernelBuffer {
  return { name, element, access: 'read' };
}

export function writes(name: string, element: MemoryType = 'f32'): KernelBuffer {
  return { name, element, access: 'write' };
}
