/**
 * Addresses in an innermost loop. An index that is linear in the loop's variable becomes a pointer
 * that goes ahead by as many bytes at each turn; accesses whose indexes differ by a constant share
 * it. See Note [where a pointer begins].
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { someExpression, visitStatements } from '../../kernel/walk.ts';
import { accessesOf, type Access } from './accesses.ts';
import type { Context, FoundElement, Pointers } from './context.ts';
import { isNaturalForm, termsKey, type Linear, type Term } from './linear.ts';
import { nameOf } from './linear-of.ts';

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
  const inside = { ...context, pointers: { isFixed, find: () => undefined } };
  const groups = groupsOf(accessesOf(body, inside));
  const elements = new Elements(context);
  const all: Pointer[] = [];
  for (const group of groups) {
    const pointer = pointerOf(group, variable, context);
    if (pointer !== undefined) all.push(pointer);
    for (const access of group.accesses) elements.add(access, pointer);
  }
  return {
    isFixed,
    all,
    covers: (index) => elements.covers(index),
    find: (memory, index) => elements.find(memory, index),
  };
}

/** Where the elements lie that a loop asks for, by what it asks for them with. */
class Elements {
  private readonly memories: Context['memories'];
  private readonly found = new Map<Expression, Map<string, FoundElement | undefined>>();
  private readonly uncovered = new Set<Expression>();

  constructor({ memories }: Context) {
    this.memories = memories;
  }

  add({ memory, index, form }: Access, pointer: Pointer | undefined): void {
    const element = this.elementOf(memory, form, pointer);
    const others = this.found.get(index) ?? new Map<string, FoundElement | undefined>();
    this.found.set(index, others);
    // One expression may stand in two places, where its names mean different things.
    const known = others.has(memory) ? others.get(memory) : element;
    const same = known?.local === element?.local && known?.offset === element?.offset;
    others.set(memory, same ? element : undefined);
    if (!same || element === undefined) this.uncovered.add(index);
  }

  covers(index: Expression): boolean {
    return !this.uncovered.has(index);
  }

  find(memory: string, index: Expression): FoundElement | undefined {
    return this.found.get(index)?.get(memory);
  }

  private elementOf(
    memory: string,
    form: Linear | undefined,
    pointer: Pointer | undefined,
  ): FoundElement | undefined {
    if (form === undefined || pointer === undefined) return undefined;
    const behind = form.constant - pointer.form.constant;
    if (behind < 0) return undefined;
    const { offset } = present(this.memories.get(memory), `memory ${memory}`);
    return { local: pointer.local, offset: offset + 4 * behind };
  }
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
  /** Undefined where there is nothing that a pointer could go along with. */
  readonly terms: ReadonlyMap<string, Term> | undefined;
  readonly accesses: readonly Access[];
}

/** Accesses to one memory that differ by constants. */
function groupsOf(accesses: readonly Access[]): Iterable<Group> {
  const groups = new Map<string, Group & { readonly accesses: Access[] }>();
  for (const access of accesses) {
    const { memory, form } = access;
    const terms = form === undefined || form.terms.size === 0 ? undefined : form.terms;
    const key = form === undefined ? '' : `${memory.length} ${memory} ${termsKey(form)}`;
    const group = groups.get(key) ?? { memory, terms, accesses: [] };
    groups.set(key, group);
    group.accesses.push(access);
  }
  return groups.values();
}

function pointerOf(
  { memory, terms, accesses }: Group,
  variable: string,
  context: Context,
): Pointer | undefined {
  if (terms === undefined) return undefined;
  const stride = strideOf(terms, variable, context);
  if (stride === undefined) return undefined;
  const natural = isNaturalForm({ constant: 0, terms });
  const loads = [...terms.values()].some(({ factors }) => factors.some((part) => part.loads));
  const always = accesses.flatMap(({ form, conditional }) =>
    form === undefined || conditional ? [] : [form.constant],
  );
  if (always.length === 0 && (!natural || loads)) return undefined;
  const constant = Math.min(...always, ...(natural ? [0] : []));
  const form = { constant, terms };
  return { memory, local: context.code.local('i32'), form, stride, always: always.length > 0 };
}

/** Undefined where it is not the same at each turn. */
function strideOf(
  terms: ReadonlyMap<string, Term>,
  variable: string,
  context: Context,
): Linear | undefined {
  let constant = 0;
  const rest = new Map<string, Term>();
  for (const { coefficient, factors } of terms.values()) {
    const varying = factors.filter(({ value }) => mentions(value, variable, context));
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

function mentions(e: Expression, variable: string, context: Context): boolean {
  return someExpression(e, (part) => nameOf(part, context) === variable);
}

/*
 * Note [where a pointer begins]
 *
 * The address of an access is that of its pointer plus a constant that is not negative, which the
 * instruction adds without wrapping round at 2^32. So the pointer itself must not be negative where
 * it is used: it goes along with the access of the least constant among those that every turn comes
 * by, which lies within memory. If none of the factors can be negative, the constant may be 0.
 */
