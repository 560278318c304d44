/**
 * A loop that does some rows at a time, then one that does those that are left: where what is done
 * to a row is the same in both, one loop for all rows. Several at a time are for processors that
 * compute them side by side.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { add, int, local, min } from '../../kernel/build.ts';
import { blocksOf, visitStatements } from '../../kernel/walk.ts';
import { canonicalExpression, canonicalText } from './canonical.ts';
import { wholeLets, type WholeLets } from './linear-forms.ts';

type For = Extract<Statement, { readonly kind: 'for' }>;
type Store = Extract<Statement, { readonly kind: 'store' }>;

/** No two blocks may define the same name; memory of two names is not the same. */
export function rowsOneByOne(statements: readonly Statement[]): readonly Statement[] {
  const lets = wholeLets(statements);
  const named = new Map<string, Expression>();
  visitStatements(statements, {
    statement: (s) => {
      if (s.kind === 'let') named.set(s.name, s.value);
    },
  });
  const block = (all: readonly Statement[]): readonly Statement[] => {
    const joined: Statement[] = [];
    for (const s of all.map(inside)) {
      const before = joined.at(-1);
      if (before?.kind === 'for' && s.kind === 'for' && isRest(before, s, lets, named)) {
        joined.pop();
        joined.push({ ...s, from: min(before.from, s.from) });
      } else joined.push(s);
    }
    return joined;
  };
  const inside = (s: Statement): Statement => {
    switch (s.kind) {
      case 'for':
      case 'while':
        return { ...s, body: block(s.body) };
      case 'if':
        return { ...s, then: block(s.then), otherwise: block(s.otherwise) };
      case 'let':
      case 'var':
      case 'assign':
      case 'store':
      case 'barrier':
      case 'comment':
        return s;
    }
    s satisfies never;
    return s;
  };
  return block(statements);
}

/** Whether the second loop does to its rows what the first does to some at a time. */
function isRest(
  several: For,
  rest: For,
  lets: WholeLets,
  named: ReadonlyMap<string, Expression>,
): boolean {
  const rows = several.step.kind === 'number' ? several.step.value : 1;
  if (rest.step.kind !== 'number' || rest.step.value !== 1) return false;
  if (rows !== 2 && rows !== 4 && rows !== 8) return false;
  const [end, start] = [several.to, rest.from].map((e) => canonicalExpression(e, lets));
  if (end !== start) return false;
  if (![several.from, several.to].every((e) => isMultiple(e, rows, named))) return false;
  const stores = several.body.filter((s): s is Store => s.kind === 'store');
  if (stores.length !== rows || !isFree(several.body)) return false;
  const first = local(several.variable, 'i32');
  return stores.every((store, i) => {
    const here = new Map([[rest.variable, add(first, int(i))]]);
    const one = canonicalText(sliceOf(several.body, store), lets, new Map());
    return one === canonicalText(rest.body, lets, here);
  });
}

/** Whether its rows do not see what others store, and no variable from before is given a value. */
function isFree(body: readonly Statement[]): boolean {
  const [stored, loaded, own, given] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ];
  let stores = 0;
  visitStatements(body, {
    statement: (s) => {
      if (s.kind === 'store') {
        stored.add(s.memory);
        stores++;
      }
      if (s.kind === 'var') own.add(s.name);
      if (s.kind === 'assign') given.add(s.name);
    },
    expression: (e) => {
      if (e.kind === 'load') loaded.add(e.memory);
    },
  });
  const isTop = stores === body.filter(({ kind }) => kind === 'store').length;
  return isTop && [...stored].every((m) => !loaded.has(m)) && [...given].every((n) => own.has(n));
}

/** The statements that the store's row is made of. */
function sliceOf(body: readonly Statement[], store: Store): readonly Statement[] {
  const needed = new Set<string>();
  const slice: Statement[] = [];
  for (const s of body.toReversed()) {
    if (s !== store && !givesOneOf(s, needed)) continue;
    slice.unshift(s);
    visitStatements([s], {
      expression: (e) => {
        if (e.kind === 'local') needed.add(e.name);
      },
    });
  }
  return slice;
}

function givesOneOf(s: Statement, names: ReadonlySet<string>): boolean {
  if (s.kind === 'let' || s.kind === 'var' || s.kind === 'assign') return names.has(s.name);
  return blocksOf(s).some((block) => block.some((inner) => givesOneOf(inner, names)));
}

/** Whether it is a multiple of a power of 2. */
function isMultiple(e: Expression, of: number, named: ReadonlyMap<string, Expression>): boolean {
  if (e.kind === 'number') return e.value % of === 0;
  if (e.kind === 'local') {
    const value = named.get(e.name);
    return value !== undefined && isMultiple(value, of, named);
  }
  if (e.kind !== 'binary') return false;
  const { op, x, y } = e;
  if (op === 'sub' && y.kind === 'binary' && y.op === 'mod' && y.y.kind === 'number') {
    if (nameOf(x) !== undefined && nameOf(x) === nameOf(y.x) && y.y.value % of === 0) return true;
  }
  const [left, right] = [isMultiple(x, of, named), isMultiple(y, of, named)];
  return op === 'mul' ? left || right : (op === 'add' || op === 'sub') && left && right;
}

function nameOf(e: Expression): string | undefined {
  return e.kind === 'local' || e.kind === 'size' ? `${e.kind} ${e.name}` : undefined;
}
