/**
 * An innermost loop: addresses go along as pointers, and where nothing else asks for the loop's
 * variable, one of them is compared with its end instead.
 */
import type { Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import {
  emitAdvance,
  emitHeld,
  emitIsBelow,
  surelyTurns,
  type Bounds,
  type Held,
} from './bounds.ts';
import type { Context } from './context.ts';
import { emitLinear, emitTimes, holdFactors, type HeldFactors } from './emit-linear.ts';
import { termsKey } from './linear.ts';
import { neededIn, type Needed } from './needed.ts';
import { op } from './opcodes.ts';
import { planPointers, type PlannedPointers, type Pointer } from './pointers.ts';
import { emitIdleLoop, emitSinks, sumsOf } from './sums.ts';

type For = Extract<Statement, { kind: 'for' }>;
type EmitBlock = (statements: readonly Statement[], context: Context) => void;

export function emitPointedLoop(
  given: For,
  bounds: Bounds,
  context: Context,
  emitBlock: EmitBlock,
): void {
  const { code } = context;
  const sums = sumsOf(given.body, context);
  const loop = sums === undefined ? given : { ...given, body: sums.body };
  const guarded = !surelyTurns(loop);
  if (guarded) {
    emitIsBelow(bounds, context);
    code.open(op.if);
  }
  const pointers = planPointers(loop, context);
  const needed = neededIn(loop.body, pointers.covers, context);
  const held = holdFactors(
    pointers.all.map(({ form }) => form),
    context,
  );
  for (const pointer of pointers.all) emitStart(pointer, context, held);
  const steps = emitSteps(pointers, bounds, context, held);
  for (const local of held.values()) code.release(local);
  const end = emitEnd(loop, bounds, pointers, needed, context);
  const again = { bounds, steps, end };
  // See Note [loops of many sums].
  const seemsGuarded = sums !== undefined && !guarded && end !== undefined;
  if (seemsGuarded) {
    emitIsAhead(end, context);
    code.open(op.if);
  }
  code.open(op.loop);
  if (sums?.crowded === true) emitIdleLoop(code);
  emitBlock(loop.body, { ...context, pointers, needed: needed.statements });
  emitNextTurn(again, context);
  code.end();
  if (seemsGuarded || guarded) code.end();
  releaseAll(pointers, again, context);
  if (sums !== undefined) emitSinks(sums, context);
}

interface Again {
  readonly bounds: Bounds;
  /** How many bytes each pointer goes ahead by at a turn. */
  readonly steps: ReadonlyMap<Pointer, Held>;
  readonly end: End | undefined;
}

function emitNextTurn({ bounds, steps, end }: Again, context: Context): void {
  for (const [{ local }, step] of steps) emitAdvance(local, step, context);
  if (end === undefined) {
    emitAdvance(bounds.variable, bounds.step, context);
    emitIsBelow(bounds, context);
  } else {
    emitIsAhead(end, context);
  }
  context.code.op(op.brIf, 0);
}

function releaseAll({ all }: PlannedPointers, { steps, end }: Again, { code }: Context): void {
  const held = new Set([...steps.values()].flatMap((by) => ('local' in by ? [by.local] : [])));
  for (const local of held) code.release(local);
  for (const { local } of all) code.release(local);
  if (end !== undefined) code.release(end.local);
}

/** Puts into its local where the pointer begins; the loop's variable has its first value. */
function emitStart({ memory, local, form }: Pointer, context: Context, held: HeldFactors): void {
  const { code, memories } = context;
  code.get(present(memories.get(memory), `memory ${memory}`).base);
  emitLinear(form, 4, context, held);
  code.op(op.i32Add);
  code.set(local);
}

/** Those that are no constants are computed once, and equal ones are one. */
function emitSteps(
  { all }: PlannedPointers,
  { step }: Bounds,
  context: Context,
  held: HeldFactors,
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
      emitLinear(stride, 4, context, held);
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

/** Leaves whether the end is still ahead of the pointer. */
function emitIsAhead({ pointer, local }: End, { code }: Context): void {
  code.get(pointer.local);
  code.get(local);
  code.op(op.i32LtU);
}
