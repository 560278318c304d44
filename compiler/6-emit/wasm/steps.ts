/**
 * The steps of a program as a function: it evaluates offsets, sizes and counts from the symbols,
 * and calls kernels in their order. Each thread does its share of the workgroups of each dispatch,
 * then waits for the others.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import type { Dispatch, Program, ProgramStep } from '../../../runtime/artifact/program.ts';
import { present } from '../../base/bug.ts';
import { printExpression } from '../../kernel/print-expression.ts';
import { Code } from './code.ts';
import type { Context, FunctionTable } from './context.ts';
import { newContext } from './new-context.ts';
import { op, type WasmType } from './opcodes.ts';

/** What the exported functions take before the symbols. */
const parameters = {
  f32Base: 0,
  i32Base: 1,
  scratch: 2,
  thread: 3,
  threads: 4,
  sync: 5,
  mayWait: 6,
} as const;

const parameterCount = Object.keys(parameters).length;

export interface StepsModule {
  readonly program: Program;
  readonly functions: FunctionTable;
  /** By the position of a kernel: where its function is, and whether its grids have one axis. */
  readonly kernels: readonly { readonly at: number; readonly flat: boolean }[];
  /** Where the functions are that wait for other threads, and that are told of each dispatch. */
  readonly barrier: number | undefined;
  readonly mark: number | undefined;
}

export function stepsParameters({ symbols }: Program): readonly WasmType[] {
  return Array.from({ length: parameterCount + symbols.length }, (): WasmType => 'i32');
}

export function stepsCode(steps: readonly ProgramStep[], module: StepsModule): Code {
  return new Steps(module).code(steps);
}

class Steps {
  private readonly module: StepsModule;
  private readonly out: Code;
  private readonly context: Context;
  /** Locals that hold what is asked for more than once, by its text. */
  private readonly known = new Map<string, number>();
  private readonly knownExpressions = new Map<Expression, number>();
  /** How many threads have come to the barriers so far, if all have come to each. */
  private readonly arrived: number;

  constructor(module: StepsModule) {
    const { symbols } = module.program;
    this.module = module;
    this.out = new Code(stepsParameters(module.program).length);
    this.arrived = this.out.local('i32');
    this.context = {
      ...newContext(this.out, module.functions),
      sizes: new Map(symbols.map((name, i) => [name, parameterCount + i])),
    };
  }

  code(steps: readonly ProgramStep[]): Code {
    for (const step of steps) {
      if (step.kind === 'repeat') for (const dispatch of step.body) this.prepare(dispatch);
      else this.prepare(step);
    }
    for (const step of steps) {
      if (step.kind === 'dispatch') this.dispatch(step, this.context);
      else this.repeat(step);
    }
    return this.out;
  }

  /** Whatever a dispatch asks for that is no single number is computed once, at the beginning. */
  private prepare({ tensors, sizes, groups }: Dispatch): void {
    const offsets = tensors.map((tensor) => this.tensor(tensor).offset);
    for (const e of [...offsets, ...sizes, ...groups]) {
      if (e.kind === 'number' || e.kind === 'size' || this.knownExpressions.has(e)) continue;
      const key = printExpression(e);
      let local = this.known.get(key);
      if (local === undefined) {
        local = this.out.local('i32');
        this.context.emit(e, this.context);
        this.out.set(local);
        this.known.set(key, local);
      }
      this.knownExpressions.set(e, local);
    }
  }

  private repeat({ variable, count, body }: Extract<ProgramStep, { kind: 'repeat' }>): void {
    const { out, context } = this;
    const [turn, end] = [out.local('i32'), out.local('i32')];
    context.emit(count, context);
    out.set(end);
    out.i32(0);
    out.set(turn);
    const inside = { ...context, sizes: new Map(context.sizes).set(variable, turn) };
    out.get(end);
    out.i32(0);
    out.op(op.i32GtS);
    out.open(op.if);
    out.open(op.loop);
    for (const dispatch of body) this.dispatch(dispatch, inside);
    out.get(turn);
    out.i32(1);
    out.op(op.i32Add);
    out.tee(turn);
    out.get(end);
    out.op(op.i32LtS);
    out.op(op.brIf, 0);
    out.end();
    out.end();
    out.release(turn);
    out.release(end);
  }

  private dispatch(dispatch: Dispatch, context: Context): void {
    const { out, module } = this;
    const constant = countOf(dispatch.groups);
    const groups = out.local('i32');
    if (constant !== 0) {
      this.emitGroups(dispatch.groups);
      if (constant === undefined) out.tee(groups);
      else out.set(groups);
      if (constant === undefined) out.open(op.if);
      this.call(dispatch, groups, context);
      this.barrier();
      if (constant === undefined) out.end();
    }
    out.release(groups);
    if (module.mark !== undefined) {
      out.i32(dispatch.kernel);
      out.op(op.call, module.mark);
    }
  }

  private call(
    { kernel, tensors, sizes, step, groups }: Dispatch,
    count: number,
    context: Context,
  ): void {
    const { out } = this;
    const { at, flat } = present(this.module.kernels[kernel], `kernel ${kernel}`);
    for (const tensor of tensors) this.emitAddress(tensor);
    for (const size of sizes) this.emitKnown(size);
    if (step === undefined) out.i32(0);
    else context.emit(step, context);
    out.get(parameters.scratch);
    this.emitShare(count);
    if (!flat) for (const along of groups.slice(0, 2)) this.emitKnown(along);
    out.op(op.call, at);
  }

  private emitAddress(tensor: number): void {
    const { out } = this;
    const { element, offset } = this.tensor(tensor);
    out.get(element === 'f32' ? parameters.f32Base : parameters.i32Base);
    if (offset.kind === 'number') {
      if (offset.value === 0) return;
      out.i32(4 * offset.value);
    } else {
      this.emitKnown(offset);
      out.i32(2);
      out.op(op.i32Shl);
    }
    out.op(op.i32Add);
  }

  private emitKnown(e: Expression): void {
    const known = this.knownExpressions.get(e);
    if (known === undefined) this.context.emit(e, this.context);
    else this.out.get(known);
  }

  private emitGroups(groups: readonly Expression[]): void {
    const open = groups.filter((e) => e.kind !== 'number' || e.value !== 1);
    if (open.length === 0) this.out.i32(1);
    open.forEach((e, i) => {
      this.emitKnown(e);
      if (i > 0) this.out.op(op.i32Mul);
    });
  }

  /** The first workgroup of this thread and the one after its last: n t / threads, rounded down. */
  private emitShare(count: number): void {
    const { out, module } = this;
    if (module.barrier === undefined) {
      out.i32(0);
      out.get(count);
      return;
    }
    for (const after of [0, 1]) {
      out.get(count);
      out.get(parameters.thread);
      if (after === 1) {
        out.i32(1);
        out.op(op.i32Add);
      }
      out.op(op.i32Mul);
      out.get(parameters.threads);
      out.op(op.i32DivU);
    }
  }

  private barrier(): void {
    const { out } = this;
    const { barrier } = this.module;
    if (barrier === undefined) return;
    out.get(parameters.threads);
    out.i32(1);
    out.op(op.i32GtS);
    out.open(op.if);
    out.get(parameters.sync);
    out.get(this.arrived);
    out.get(parameters.threads);
    out.op(op.i32Add);
    out.tee(this.arrived);
    out.get(parameters.mayWait);
    out.op(op.call, barrier);
    out.end();
  }

  private tensor(position: number): Program['tensors'][number] {
    return present(this.module.program.tensors[position], `tensor ${position}`);
  }
}

/** How many workgroups there are, where that is a number. */
function countOf(groups: readonly Expression[]): number | undefined {
  let count = 1;
  for (const e of groups) {
    if (e.kind !== 'number') return undefined;
    count *= e.value;
  }
  return count;
}
