/** Names that stand for locals of the function, as far as they can be seen. */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import { wasmType, type Context, type Local } from './context.ts';
import { isSingle } from './linear.ts';
import { linearOf } from './linear-of.ts';
import { Names } from './names.ts';
import { isQuotient, rememberQuotient } from './remainders.ts';
import { anySign, signOf, type Sign } from './signs.ts';

/** What is written inside is given its own names; their locals are free again afterwards. */
export function inBlock(context: Context, write: (inside: Context) => void): void {
  const locals = new Names(context.locals);
  write({ ...context, locals, quotients: new Names(context.quotients) });
  for (const { at, borrowed } of locals.ownValues()) {
    if (at !== undefined && borrowed !== true) context.code.release(at);
  }
}

/** The name has the value that the expression has now. */
export function define(name: string, value: Expression, context: Context): void {
  const { code, locals } = context;
  const type = typeOf(value);
  const at = code.local(wasmType(type));
  context.emit(value, context);
  code.set(at);
  locals.set(name, { at, type, fixed: true, ...knownOf(value, context, true) });
  if (isQuotient(value)) rememberQuotient(value, at, context);
}

/** The name is known by its linear form alone: no local of the function keeps its value. */
export function defineForm(name: string, value: Expression, context: Context): void {
  const type = typeOf(value);
  context.locals.set(name, { at: undefined, type, fixed: true, ...knownOf(value, context) });
}

/** A name whose value may change. */
export function defineVariable(name: string, value: Expression, context: Context): void {
  context.emit(value, context);
  const type = typeOf(value);
  const at = context.code.local(wasmType(type));
  context.locals.set(name, { at, type, fixed: false, sign: anySign });
  context.code.set(at);
}

/** A whole number that does not change. */
export function declare(name: string, sign: Sign, { code, locals }: Context): number {
  const at = code.local('i32');
  locals.set(name, { at, type: 'i32', fixed: true, sign: () => sign });
  return at;
}

/** What is a number of its own is known by its name, if that is `kept`: it is not computed anew. */
function knownOf(
  value: Expression,
  context: Context,
  kept = false,
): Pick<Local, 'sign' | 'linear'> {
  if (typeOf(value) !== 'i32') return { sign: anySign };
  const linear = once(() => {
    const form = linearOf(value, { context, isFixed: isFixedIn(context) });
    return kept && form !== undefined && isSingle(form) ? undefined : form;
  });
  return { sign: once(() => signOf(value, context.locals)), linear };
}

/** Computed when it is first asked for, as most is not. */
function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}

/** Whether a name keeps its value at least as long as the loop around runs. */
export function isFixedIn({ locals, pointers }: Context): (name: string) => boolean {
  return (name) => locals.get(name)?.fixed === true || pointers?.isFixed(name) === true;
}
