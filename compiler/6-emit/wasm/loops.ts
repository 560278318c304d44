/**
 * A `for` as a loop that asks at its end whether there is another turn. In an innermost loop,
 * addresses go along as pointers; where nothing else asks for the loop's variable, one of them is
 * compared with its end instead.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { blocksOf } from '../../kernel/walk.ts';
import type { Context } from './context.ts';
import { emitLinear, emitTimes } from './emit-linear.ts';
import { termsKey } from './linear.ts';
import { neededIn, type Needed } from './needed.ts';
import { op } from './opcodes.ts';
import { planPointers, type PlannedPointers, type Pointer } from './pointers.ts';
import { declare, inBlock } from './scope.ts';
import { signOf } from './signs.ts';

type For = Extract<Statement, { kind: 'for' }>;
type EmitBlock = (statements: readonly Statement[], context: Context) => void;

/** A number that does not change while the loop runs: a constant, or a local that holds it. */
type Held = { readonly constant: number } | { readonly local: number };

interface Bounds {
  readonly variable: number;
  readonly to: Held;
  readonly step: Held;
}

export function emitFor(loop: For, context: Context, emitBlock: EmitBlock): void {
  const { code } = context;
  inBlock(context, (inside) => {
    const temporary: number[] = [];
    const to = held(loop.to, inside, temporary);
    const step = held(loop.step, inside, temporary);
    inside.emit(loop.from, inside);
    const sign = signOf(loop.from, inside.locals);
    const variable = declare(loop.variable, sign, inside);
    code.set(variable);
    const bounds = { variable, to, step };
    const guarded = !surelyTurns(loop);
    if (guarded) {
      emitIsBelow(bounds, inside);
      code.open(op.if);
    }
    if (hasLoop(loop.body)) emitTurns(loop, bounds, inside, emitBlock);
    else emitPointedTurns(loop, bounds, inside, emitBlock);
    if (guarded) code.end();
    for (const local of temporary) code.release(local);
  });
}

function hasLoop(body: readonly Statement[]): boolean {
  return body.some((s) => s.kind === 'for' || s.kind === 'while' || blocksOf(s).some(hasLoop));
}

function surelyTurns({ from, to }: For): boolean {
  return from.kind === 'number' && to.kind === 'number' && from.value < to.value;
}

function held(e: Expression, context: Context, temporary: number[]): Held {
  const { code, sizes, locals } = context;
  if (e.kind === 'number') return { constant: e.value };
  const known =
    e.kind === 'size' ? sizes.get(e.name) : e.kind === 'local' ? fixedLocal(e.name) : undefined;
  if (known !== undefined) return { local: known };
  const local = code.local('i32');
  temporary.push(local);
  context.emit(e, context);
  code.set(local);
  return { local };

  function fixedLocal(name: string): number | undefined {
    const found = locals.get(name);
    return found?.fixed === true ? found.at : undefined;
  }
}

function emitHeld(value: Held, { code }: Context): void {
  if ('constant' in value) code.i32(value.constant);
  else code.get(value.local);
}

function emitIsBelow({ variable, to }: Bounds, context: Context): void {
  context.code.get(variable);
  emitHeld(to, context);
  context.code.op(op.i32LtS);
}

function emitNext(bounds: Bounds, context: Context): void {
  const { code } = context;
  code.get(bounds.variable);
  emitHeld(bounds.step, context);
  code.op(op.i32Add);
  code.set(bounds.variable);
}

function emitTurns(loop: For, bounds: Bounds, context: Context, emitBlock: EmitBlock): void {
  const { code } = context;
  code.open(op.loop);
  emitBlock(loop.body, context);
  emitNext(bounds, context);
  emitIsBelow(bounds, context);
  code.op(op.brIf, 0);
  code.end();
}

function emitPointedTurns(loop: For, bounds: Bounds, context: Context, emitBlock: EmitBlock): void {
  const { code } = context;
  const pointers = planPointers(loop, context);
  const needed = neededIn(loop.body, pointers.covers);
  for (const pointer of pointers.all) emitStart(pointer, context);
  const steps = emitSteps(pointers, bounds, context);
  const end = emitEnd(loop, bounds, pointers, needed, context);
  code.open(op.loop);
  emitBlock(loop.body, { ...context, pointers, needed: needed.statements });
  for (const [{ local }, step] of steps) {
    code.get(local);
    emitHeld(step, context);
    code.op(op.i32Add);
    code.set(local);
  }
  if (end === undefined) {
    emitNext(bounds, context);
    emitIsBelow(bounds, context);
  } else {
    code.get(end.pointer.local);
    code.get(end.local);
    code.op(op.i32LtU);
  }
  code.op(op.brIf, 0);
  code.end();
  const used = [...steps.values()].flatMap((step) => ('local' in step ? [step.local] : []));
  for (const local of new Set(used)) code.release(local);
  for (const { local } of pointers.all) code.release(local);
  if (end !== undefined) code.release(end.local);
}

/** Puts into its local where the pointer begins; the loop's variable has its first value. */
function emitStart({ memory, local, form }: Pointer, context: Context): void {
  const { code, memories } = context;
  code.get(present(memories.get(memory), `memory ${memory}`).base);
  emitLinear(form, 4, context);
  code.op(op.i32Add);
  code.set(local);
}

/** How many bytes each pointer goes ahead by at a turn; equal ones are computed once. */
function emitSteps(
  { all }: PlannedPointers,
  { step }: Bounds,
  context: Context,
): ReadonlyMap<Pointer, Held> {
  const { code } = context;
  const steps = new Map<Pointer, Held>();
  const locals = new Map<string, Held>();
  for (const pointer of all) {
    const { stride } = pointer;
    if (stride.terms.size === 0 && stride.constant === 0) continue;
    if (stride.terms.size === 0 && 'constant' in step) {
      steps.set(pointer, { constant: Math.imul(4 * stride.constant, step.constant) });
      continue;
    }
    const key = `${stride.constant} ${termsKey(stride)}`;
    const known = locals.get(key) ?? { local: code.local('i32') };
    if (!locals.has(key) && 'local' in known) {
      emitLinear(stride, 4, context);
      emitHeld(step, context);
      code.op(op.i32Mul);
      code.set(known.local);
    }
    locals.set(key, known);
    steps.set(pointer, known);
  }
  return steps;
}

interface End {
  readonly pointer: Pointer;
  /** Holds the address that the pointer has to stay below. */
  readonly local: number;
}

/** Undefined where the loop's variable has to be kept. */
function emitEnd(
  loop: For,
  { variable, to }: Bounds,
  { all }: PlannedPointers,
  { names }: Needed,
  context: Context,
): End | undefined {
  if (names.has(loop.variable)) return undefined;
  const grows = ({ stride, always }: Pointer): boolean =>
    always && stride.terms.size === 0 && stride.constant > 0;
  const pointer = all.find(grows);
  if (pointer === undefined) return undefined;
  const { code } = context;
  const local = code.local('i32');
  code.get(pointer.local);
  const bytes = 4 * pointer.stride.constant;
  if (loop.from.kind === 'number' && 'constant' in to) {
    code.i32(Math.imul(to.constant - loop.from.value, bytes));
  } else {
    emitHeld(to, context);
    code.get(variable);
    code.op(op.i32Sub);
    emitTimes(bytes, context);
  }
  code.op(op.i32Add);
  code.set(local);
  return { pointer, local };
}
