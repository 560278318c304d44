/** The range of a `for` while it runs: its variable in a local, its end and step held beside. */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import type { Context } from './context.ts';
import { op } from './opcodes.ts';

type For = Extract<Statement, { kind: 'for' }>;

/** A number that does not change while the loop runs: a constant, or a local that holds it. */
export type Held = { readonly constant: number } | { readonly local: number };

export interface Bounds {
  /** The local of the loop's variable. */
  readonly variable: number;
  readonly to: Held;
  readonly step: Held;
}

/** What it takes locals for is added to `temporary`. */
export function hold(e: Expression, context: Context, temporary: number[]): Held {
  const { code, sizes, locals } = context;
  if (e.kind === 'number') return { constant: e.value };
  if (e.kind === 'size') {
    const local = sizes.get(e.name);
    if (local !== undefined) return { local };
  }
  if (e.kind === 'local') {
    const known = locals.get(e.name);
    if (known?.fixed === true && known.at !== undefined) return { local: known.at };
  }
  const local = code.local('i32');
  temporary.push(local);
  context.emit(e, context);
  code.set(local);
  return { local };
}

export function surelyTurns({ from, to }: For): boolean {
  return from.kind === 'number' && to.kind === 'number' && from.value < to.value;
}

export function emitHeld(value: Held, { code }: Context): void {
  if ('constant' in value) code.i32(value.constant);
  else code.get(value.local);
}

/** Leaves whether the variable is below the end. */
export function emitIsBelow({ variable, to }: Bounds, context: Context): void {
  context.code.get(variable);
  emitHeld(to, context);
  context.code.op(op.i32LtS);
}

export function emitAdvance(local: number, by: Held, context: Context): void {
  const { code } = context;
  code.get(local);
  emitHeld(by, context);
  code.op(op.i32Add);
  code.set(local);
}
