/**
 * A kernel as one function that runs a dispatch of it on given memory: workgroups one after
 * another, in each the registers cleared and the invocations in lockstep. A fault is an Error that
 * begins with the kernel and the place in its grid.
 */
import type { Kernel, MemoryType } from '../artifact/kernel.ts';
import type { ConcreteDispatch } from '../session/layout.ts';
import { compileForAll, type ForEach } from './lockstep.ts';
import { poison } from './poison.ts';
import {
  newPlace,
  type CompiledFunction,
  type Elements,
  type Memory,
  type Place,
} from './scope.ts';

export interface InterpreterOptions {
  /** Fills memory with numbers that nobody means before anything is written. */
  readonly poison?: boolean;
  /** Workgroups and invocations from the last to the first: no result may depend on their order. */
  readonly backward?: boolean;
}

/** `tensors` are what the kernel's buffers stand for, by position. */
export type RunKernel = (dispatch: ConcreteDispatch, tensors: readonly Elements[]) => void;

export function compileKernel(
  kernel: Kernel,
  functionNamed: (name: string) => CompiledFunction,
  options: InterpreterOptions,
): RunKernel {
  const place = newPlace();
  const count = product(kernel.workgroup);
  const memories = memoriesOf(kernel, count);
  const locals: Float64Array[] = [];
  const forEach: ForEach = (run) => {
    inTurn(count, options, (invocation) => {
      place.invocation = invocation;
      place.locals = locals[invocation] ?? place.locals;
      run();
    });
  };
  const invocations = Array.from({ length: count }, (_, i) => coordinate(i, kernel.workgroup));
  let slots = 0;
  const block = {
    place,
    invocations: ([0, 1, 2] as const).map((axis) => invocations.map((at) => at[axis])),
    memories: new Map(Object.values(memories).flatMap((some) => some.map((m) => [m.name, m]))),
    sizes: new Map(kernel.sizes.map((name, position) => [name, position])),
    slots: new Map<string, number>(),
    newSlot: () => (slots += 4) - 4,
    functionNamed,
  };
  const run = explained(
    () => compileForAll(block, forEach, kernel.body),
    () => kernel.name,
  );
  for (let i = 0; i < count; i++) locals.push(new Float64Array(slots));
  return (dispatch, tensors) => {
    memories.buffers.forEach((memory, position) => attach(memory, tensors[position]));
    place.step = dispatch.step;
    place.sizes = dispatch.sizes;
    const runWorkgroup = (index: number): void => {
      place.workgroup = coordinate(index, dispatch.groups);
      for (const register of memories.registers) register.data.fill(0);
      if (options.poison === true) for (const shared of memories.shared) poison(shared.data);
      run();
    };
    explained(
      () => inTurn(product(dispatch.groups), options, runWorkgroup),
      () => describe(kernel, dispatch, place),
    );
  };
}

function describe({ name }: Kernel, { origin }: ConcreteDispatch, at: Place): string {
  const where = `workgroup [${at.workgroup.join(', ')}], invocation ${at.invocation}`;
  return `${name}${origin === undefined ? '' : ` (${origin})`}, ${where}`;
}

type Axes = readonly [number, number, number];

function product([x, y, z]: Axes): number {
  return x * y * z;
}

/** The first axis counts fastest. */
function coordinate(index: number, [x, y]: Axes): Axes {
  return [index % x, Math.floor(index / x) % y, Math.floor(index / (x * y))];
}

function inTurn(count: number, options: InterpreterOptions, run: (index: number) => void): void {
  if (options.backward === true) for (let i = count - 1; i >= 0; i--) run(i);
  else for (let i = 0; i < count; i++) run(i);
}

/** What `action` throws says first where it was. */
function explained<T>(action: () => T, where: () => string): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error) error.message = `${where()}: ${error.message}`;
    throw error;
  }
}

type Memories = Readonly<Record<'buffers' | 'shared' | 'registers', readonly Memory[]>>;

function memoriesOf({ buffers, shared, registers }: Kernel, invocations: number): Memories {
  const both = { readable: true, writable: true };
  return {
    buffers: buffers.map(({ name, element, access }) => ({
      name,
      element,
      readable: access !== 'write',
      writable: access !== 'read',
      perInvocation: false,
      data: elements(element, 0),
      length: 0,
    })),
    shared: shared.map((array) => ({
      ...array,
      ...both,
      perInvocation: false,
      data: elements(array.element, array.length),
    })),
    registers: registers.map((array) => ({
      ...array,
      ...both,
      perInvocation: true,
      data: elements(array.element, array.length * invocations),
    })),
  };
}

function elements(element: MemoryType, length: number): Elements {
  return element === 'f32' ? new Float32Array(length) : new Int32Array(length);
}

function attach(memory: Memory, tensor: Elements | undefined): void {
  if (tensor === undefined) throw new Error(`no tensor is given for ${memory.name}`);
  if (tensor instanceof Float32Array !== (memory.element === 'f32')) {
    throw new Error(`${memory.name} is given a tensor that is not ${memory.element}`);
  }
  memory.data = tensor;
  memory.length = tensor.length;
}
