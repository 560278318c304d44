/**
 * A kernel as a function: (address of each buffer, sizes, time step, address of its arrays, first
 * workgroup, the one after the last, and where the grid has a second axis, the workgroups along the
 * first and the second). It does these workgroups one after another.
 */
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { arrayBytes, arraysOf } from '../../../runtime/artifact/scratch.ts';
import { CompilerBug } from '../../base/bug.ts';
import { div, float, forLoop, int, local, mod, unary } from '../../kernel/build.ts';
import { freshNames, namesIn, type FreshName } from '../../kernel/fresh-names.ts';
import { scalarStatements } from '../../kernel/scalar-form.ts';
import { Code } from './code.ts';
import type { Context, FunctionTable, Local, Memory } from './context.ts';
import { hoistLets } from './hoist-lets.ts';
import { newContext } from './new-context.ts';
import type { WasmType } from './opcodes.ts';
import { emitBlock } from './statements.ts';

export type Form = 'relaxed' | 'simd' | 'scalar';

/** Operations beyond which calls stay calls: an engine takes its time over large functions. */
const mostInPlace = 6000;

export interface KernelOptions {
  readonly form: Form;
  /** Whether all its dispatches have one axis. */
  readonly flat: boolean;
  /** Whether functions on fours are called rather than put in place. */
  readonly small: boolean;
  /** Globals that nothing reads, by number. */
  readonly sink: (position: number) => number;
}

/** All i32: what the function takes. */
export function kernelParameters(kernel: Kernel, flat: boolean): readonly WasmType[] {
  const count = kernel.buffers.length + kernel.sizes.length + (flat ? 4 : 6);
  return Array.from({ length: count }, (): WasmType => 'i32');
}

export function kernelCode(kernel: Kernel, functions: FunctionTable, options: KernelOptions): Code {
  if (kernel.workgroup.some((count) => count !== 1)) {
    const invocations = kernel.workgroup.join(' x ');
    throw new CompilerBug('wasm', `${kernel.name} has workgroups of ${invocations} invocations`);
  }
  const { buffers, sizes } = kernel;
  const code = new Code(kernelParameters(kernel, options.flat).length);
  const fresh = freshNames([...namesIn(kernel.body), ...sizes]);
  const parameters = {
    first: fresh('first'),
    end: fresh('end'),
    alongX: fresh('along x'),
    alongY: fresh('along y'),
  };
  const group = fresh('workgroup');
  const grid = options.flat ? flatGrid(group) : openGrid(group, parameters, fresh);
  const body = [...grid.lets, ...cleared(kernel, fresh), ...kernel.body];
  const inside = options.form === 'scalar' ? scalarStatements(body, fresh) : body;
  const step = buffers.length + sizes.length;
  const context: Context = {
    ...newContext(code, functions),
    sink: options.sink,
    relaxed: options.form === 'relaxed',
    inPlace: { left: options.small ? 0 : mostInPlace },
    memories: memoriesOf(kernel, step + 1),
    sizes: new Map(sizes.map((name, i) => [name, buffers.length + i])),
    step,
    places: grid.places,
  };
  Object.values(parameters).forEach((name, i) => context.locals.set(name, counter(step + 2 + i)));
  const hoisted = hoistLets(inside, context);
  const [first, end] = [whole(parameters.first), whole(parameters.end)];
  emitBlock([forLoop(group, end, inside, first)], { ...context, hoisted });
  return code;
}

const whole = (name: string): Expression => local(name, 'i32');

function counter(at: number): Local {
  return { at, type: 'i32', fixed: true, sign: () => 'natural' };
}

function memoriesOf(kernel: Kernel, scratch: number): ReadonlyMap<string, Memory> {
  const memories = new Map<string, Memory>();
  kernel.buffers.forEach(({ name, access }, base) => {
    memories.set(name, { base, offset: 0, constant: access === 'read' });
  });
  let offset = 0;
  for (const array of arraysOf(kernel)) {
    memories.set(array.name, { base: scratch, offset, constant: false });
    offset += arrayBytes(array);
  }
  return memories;
}

interface Grid {
  /** Which workgroup it is along each axis. */
  readonly places: Context['places'];
  readonly lets: readonly Statement[];
}

function flatGrid(group: string): Grid {
  return { places: [whole(group), int(0), int(0)], lets: [] };
}

/** The first axis counts fastest. */
function openGrid(
  group: string,
  along: { readonly alongX: string; readonly alongY: string },
  fresh: FreshName,
): Grid {
  const lets: Statement[] = [];
  const named = (hint: string, value: Expression): Expression => {
    const name = fresh(hint);
    lets.push({ kind: 'let', name, value });
    return whole(name);
  };
  const [x, y] = [whole(along.alongX), whole(along.alongY)];
  const rest = named('row', div(whole(group), x));
  const [atX, atY] = [named('x', mod(whole(group), x)), named('y', mod(rest, y))];
  return { places: [atX, atY, named('z', div(rest, y))], lets };
}

/** Registers are 0 at first. */
function cleared({ registers }: Kernel, fresh: FreshName): readonly Statement[] {
  return registers.map((array) => {
    const variable = fresh('cleared');
    const floats = array.element === 'f32';
    const value = floats ? unary('splat', float(0)) : int(0);
    const index = whole(variable);
    const store: Statement = { kind: 'store', memory: array.name, index, value };
    return forLoop(variable, int(array.length), [store], int(0), int(floats ? 4 : 1));
  });
}
