/**
 * Addresses in an innermost loop. An index that is linear in the loop's variable becomes a pointer
 * that goes ahead by as many bytes at each turn; accesses whose indexes differ by a constant share
 * it. See Note [where a pointer begins].
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { someExpression, visitStatements } from '../../kernel/walk.ts';
import { accessesOf, type Access } from './accesses.ts';
import type { Context, Pointers } from './context.ts';
import { isNaturalForm, termsKey, type Linear, type Term } from './linear.ts';
import { linearOf } from './linear-of.ts';
import { isFixedIn } from './scope.ts';

type For = Extract<Statement, { kind: 'for' }>;

export interface Pointer {
  readonly memory: string;
  readonly local: number;
  /** Its element, over the loop's variable; never a mere constant. */
  readonly form: Linear;
  /** Elements that it goes ahead by as the variable grows by 1. */
  readonly stride: Linear;
  /** Whether every turn of the loop comes by an access through it. */
  readonly always: boolean;
}

export interface PlannedPointers extends Pointers {
  readonly all: readonly Pointer[];
  /** Whether a pointer goes along with the element of this index wherever it is asked for. */
  readonly covers: (index: Expression) => boolean;
}

/** `context` is that inside the loop, where its variable is known; its body has no loop. */
export function planPointers({ body, variable }: For, context: Context): PlannedPointers {
  const isFixed = fixedWhile(body, context);
  const pointers = new Map<string, Pointer>();
  const along = (memory: string, form: Linear | undefined): Pointer | undefined => {
    if (form === undefined) return undefined;
    const pointer = pointers.get(keyOf(memory, form));
    return pointer !== undefined && form.constant >= pointer.form.constant ? pointer : undefined;
  };
  const inside = { ...context, pointers: { isFixed, find: () => undefined } };
  const accesses = accessesOf(body, inside);
  for (const [key, group] of groupsOf(accesses)) {
    const pointer = pointerOf(group, variable, context);
    if (pointer !== undefined) pointers.set(key, pointer);
  }
  const missed = accesses.filter(({ memory, form }) => along(memory, form) === undefined);
  const uncovered = new Set(missed.map(({ index }) => index));
  const known = formsOf(accesses);
  return {
    isFixed,
    all: [...pointers.values()],
    covers: (index) => !uncovered.has(index),
    find: (memory, index, at) => {
      const form = known.get(index) ?? linearOf(index, { context: at, isFixed: isFixedIn(at) });
      const pointer = along(memory, form);
      if (form === undefined || pointer === undefined) return undefined;
      const { offset } = present(at.memories.get(memory), `memory ${memory}`);
      const behind = form.constant - pointer.form.constant;
      return { local: pointer.local, offset: offset + 4 * behind };
    },
  };
}

function fixedWhile(body: readonly Statement[], { locals }: Context): (name: string) => boolean {
  const assigned = new Set<string>();
  visitStatements(body, {
    statement: (s) => {
      if (s.kind === 'assign') assigned.add(s.name);
    },
  });
  return (name) => locals.get(name) !== undefined && !assigned.has(name);
}

interface Group {
  readonly memory: string;
  readonly terms: ReadonlyMap<string, Term>;
  readonly always: number[];
  readonly sometimes: number[];
}

/** By index, where it has one form wherever it stands. */
function formsOf(accesses: readonly Access[]): ReadonlyMap<Expression, Linear> {
  const forms = new Map<Expression, Linear | undefined>();
  for (const { index, form } of accesses) {
    const other = forms.get(index);
    const same = other === undefined ? !forms.has(index) : form && isSame(form, other);
    forms.set(index, same === true ? form : undefined);
  }
  return new Map([...forms].flatMap(([index, form]) => (form ? [[index, form]] : [])));
}

function isSame(x: Linear, y: Linear): boolean {
  return x.constant === y.constant && termsKey(x) === termsKey(y);
}

function keyOf(memory: string, form: Linear): string {
  return `${JSON.stringify(memory)} ${termsKey(form)}`;
}

/** Accesses to one memory that differ by constants; those are listed. */
function groupsOf(accesses: readonly Access[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const { memory, form, conditional } of accesses) {
    if (form === undefined || form.terms.size === 0) continue;
    const key = keyOf(memory, form);
    const group = groups.get(key) ?? { memory, terms: form.terms, always: [], sometimes: [] };
    groups.set(key, group);
    (conditional ? group.sometimes : group.always).push(form.constant);
  }
  return groups;
}

function pointerOf(
  { memory, terms, always }: Group,
  variable: string,
  { code }: Context,
): Pointer | undefined {
  const stride = strideOf(terms, variable);
  if (stride === undefined) return undefined;
  const natural = isNaturalForm({ constant: 0, terms });
  const loads = [...terms.values()].some(({ factors }) => factors.some((part) => part.loads));
  if (always.length === 0 && (!natural || loads)) return undefined;
  const constant = Math.min(...always, ...(natural ? [0] : []));
  const form = { constant, terms };
  return { memory, local: code.local('i32'), form, stride, always: always.length > 0 };
}

/** Undefined where it is not the same at each turn. */
function strideOf(terms: ReadonlyMap<string, Term>, variable: string): Linear | undefined {
  let constant = 0;
  const rest = new Map<string, Term>();
  for (const { coefficient, factors } of terms.values()) {
    const varying = factors.filter(({ value }) => mentions(value, variable));
    const [only] = varying;
    if (only === undefined) continue;
    if (varying.length > 1 || only.value.kind !== 'local') return undefined;
    const others = factors.filter((part) => part !== only);
    const key = others.map((part) => part.key).join(' * ');
    if (others.length === 0) constant = coefficient;
    else rest.set(key, { coefficient, factors: others });
  }
  return { constant, terms: rest };
}

function mentions(e: Expression, variable: string): boolean {
  return someExpression(e, (part) => part.kind === 'local' && part.name === variable);
}

/*
 * Note [where a pointer begins]
 *
 * The address of an access is that of its pointer plus a constant that is not negative, which the
 * instruction adds without wrapping round at 2^32. So the pointer itself must not be negative where
 * it is used: it goes along with the access of the least constant among those that every turn comes
 * by, which lies within memory. If none of the factors can be negative, the constant may be 0.
 */
