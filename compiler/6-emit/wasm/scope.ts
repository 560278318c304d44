/** Names that stand for locals of the function, as far as they can be seen. */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import { wasmType, type Context, type Local } from './context.ts';
import type { Linear } from './linear.ts';
import { linearOf } from './linear-of.ts';
import { Names } from './names.ts';
import { signOf, type Sign } from './signs.ts';

/** What is written inside is given its own names; their locals are free again afterwards. */
export function inBlock(context: Context, write: (inside: Context) => void): void {
  const locals = new Names(context.locals);
  write({ ...context, locals });
  for (const { at } of locals.ownValues()) {
    if (at !== undefined) context.code.release(at);
  }
}

/** The name has the value that the expression has now. */
export function define(name: string, value: Expression, context: Context): void {
  const { code, locals } = context;
  const type = typeOf(value);
  const at = code.local(wasmType(type));
  context.emit(value, context);
  code.set(at);
  locals.set(name, { at, type, fixed: true, ...knownOf(value, context) });
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
  context.locals.set(name, { at, type, fixed: false, sign: 'any' });
  context.code.set(at);
}

/** A whole number that does not change. */
export function declare(name: string, sign: Sign, { code, locals }: Context): number {
  const at = code.local('i32');
  locals.set(name, { at, type: 'i32', fixed: true, sign });
  return at;
}

function knownOf(value: Expression, context: Context): Pick<Local, 'sign' | 'linear'> {
  if (typeOf(value) !== 'i32') return { sign: 'any' };
  let form: { readonly linear: Linear | undefined } | undefined;
  const linear = (): Linear | undefined => {
    form ??= { linear: linearOf(value, { context, isFixed: isFixedIn(context) }) };
    return form.linear;
  };
  return { sign: signOf(value, context.locals), linear };
}

/** Whether a name keeps its value at least as long as the loop around runs. */
export function isFixedIn({ locals, pointers }: Context): (name: string) => boolean {
  return (name) => locals.get(name)?.fixed === true || pointers?.isFixed(name) === true;
}
