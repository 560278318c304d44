/**
 * A kernel as a function: (address of each buffer, sizes, time step, address of its arrays, first
 * workgroup, the one after the last, and where the grid has a second axis, the workgroups along the
 * first and the second). It does these workgroups one after another.
 */
import type { Expression, Kernel, Statement } from '../../../runtime/artifact/kernel.ts';
import { arrayBytes, arraysOf } from '../../../runtime/artifact/scratch.ts';
import { CompilerBug, present } from '../../base/bug.ts';
import { binary, div, float, forLoop, int, local, mod, mul, unary } from '../../kernel/build.ts';
import { mapStatements, visitStatements } from '../../kernel/walk.ts';
import { Code } from './code.ts';
import type { Context, FunctionTable, Local, Memory } from './context.ts';
import { freshNames, namesIn, type FreshName } from './fresh-names.ts';
import { newContext } from './new-context.ts';
import type { WasmType } from './opcodes.ts';
import { scalarStatements } from './scalar-form.ts';
import { emitBlock } from './statements.ts';

export type Form = 'relaxed' | 'simd' | 'scalar';

/** Operations beyond which calls stay calls: an engine takes its time over large functions. */
const mostInPlace = 6000;

export interface KernelOptions {
  readonly form: Form;
  /** Whether all its dispatches have one axis. */
  readonly flat: boolean;
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
  const [first, end, alongX, alongY] = ['first', 'end', 'along x', 'along y'].map(fresh);
  const names = { first, end, alongX, alongY };
  const own = wholeBody(kernel, fresh, names, options.flat);
  const step = buffers.length + sizes.length;
  const parameters = [names.first, names.end, names.alongX, names.alongY];
  const context: Context = {
    ...newContext(code, functions),
    sink: options.sink,
    relaxed: options.form === 'relaxed',
    inPlace: lanewiseCost(own, functions) <= mostInPlace,
    memories: memoriesOf(kernel, step + 1),
    sizes: new Map(sizes.map((name, i) => [name, buffers.length + i])),
    step,
  };
  parameters.forEach((name, i) =>
    context.locals.set(present(name, 'a name'), counter(step + 2 + i)),
  );
  emitBlock(options.form === 'scalar' ? scalarStatements(own) : own, context);
  return code;
}

/** How many operations stand in a kernel where functions are written in place of their calls. */
function lanewiseCost(body: readonly Statement[], functions: FunctionTable): number {
  let cost = 0;
  visitStatements(body, {
    expression: (e) => {
      if (e.kind === 'call' && e.type === 'f32x4') cost += functions.cost(e.function);
    },
  });
  return cost;
}

function counter(at: number): Local {
  return { at, type: 'i32', fixed: true, sign: 'natural' };
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

interface Names {
  readonly first: string | undefined;
  readonly end: string | undefined;
  readonly alongX: string | undefined;
  readonly alongY: string | undefined;
}

const counted = (name: string | undefined): Expression => local(present(name, 'a name'), 'i32');

/** The loop over workgroups, in each the registers cleared. */
function wholeBody(
  kernel: Kernel,
  fresh: FreshName,
  { first, end, alongX, alongY }: Names,
  flat: boolean,
): readonly Statement[] {
  const group = fresh('workgroup');
  const index = local(group, 'i32');
  const [x, y] = [counted(alongX), counted(alongY)];
  const places = flat
    ? [index, int(0), int(0)]
    : [mod(index, x), mod(div(index, x), y), div(index, mul(x, y))];
  const inPlace = mapStatements(kernel.body, (e) => {
    if (e.kind === 'place') return e.of === 'invocation' ? int(0) : present(places[e.axis], 'axis');
    return refolded(e);
  });
  const cleared = kernel.registers.map((array) => {
    const variable = fresh('cleared');
    const at = local(variable, 'i32');
    const floats = array.element === 'f32';
    const zero = floats ? unary('splat', float(0)) : int(0);
    const store: Statement = { kind: 'store', memory: array.name, index: at, value: zero };
    return forLoop(variable, int(array.length), [store], int(0), int(floats ? 4 : 1));
  });
  return [forLoop(group, counted(end), [...cleared, ...inPlace], counted(first))];
}

/** Whole numbers once more folded, now that places may be constants, but what would not fit. */
function refolded(e: Expression): Expression {
  if (e.kind !== 'binary' || e.type !== 'i32') return e;
  const folded = binary(e.op, e.x, e.y);
  return folded.kind === 'number' && folded.value !== (folded.value | 0) ? e : folded;
}
