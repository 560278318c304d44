/**
 * Loops over one range become one loop, where none needs what another computes: the gates of a cell
 * then share the loads of the state. What both bodies compute is computed once.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import * as k from '../kernel/build.ts';
import { mapStatements, visitStatements } from '../kernel/walk.ts';
import { keyOf } from './emitter.ts';

type For = Extract<Statement, { kind: 'for' }>;

export function joinLoops(statements: readonly Statement[]): Statement[] {
  let joined: Statement[] = [];
  for (const statement of statements) {
    const inner = withJoinedBlocks(statement);
    joined = (inner.kind === 'for' ? joinInto(joined, inner) : undefined) ?? [...joined, inner];
  }
  return joined;
}

function withJoinedBlocks(s: Statement): Statement {
  switch (s.kind) {
    case 'for':
    case 'while':
      return { ...s, body: joinLoops(s.body) };
    case 'if':
      return { ...s, then: joinLoops(s.then), otherwise: joinLoops(s.otherwise) };
    case 'let':
    case 'var':
    case 'assign':
    case 'store':
    case 'barrier':
    case 'comment':
      return s;
  }
  s satisfies never;
}

/** The statements with the loop in the last one that it can join; undefined if there is none. */
function joinInto(before: readonly Statement[], loop: For): Statement[] | undefined {
  const at = before.findLastIndex((s) => s.kind === 'for' && sameRange(s, loop));
  const first = before[at];
  if (first?.kind !== 'for' || touchesMemory(first) || touchesMemory(loop)) return undefined;
  const between = before.slice(at + 1);
  if (between.some((s) => s.kind !== 'let' && s.kind !== 'var' && s.kind !== 'comment')) {
    return undefined;
  }
  const moved = neededBy(loop, between);
  const earlier = between.filter((s) => moved.has(s));
  const later = between.filter((s) => !moved.has(s));
  // Turns of the two alternate from now on: neither may see what the other changes.
  const changedFirst = assignedIn([first]);
  const changedNext = assignedIn([loop]);
  if ([...earlier, loop].some((s) => uses(s, changedFirst))) return undefined;
  if ([first, ...later].some((s) => uses(s, changedNext))) return undefined;
  return [...before.slice(0, at), ...earlier, together(first, loop), ...later];
}

function sameRange(a: For, b: For): boolean {
  return (
    keyOf(a.from) === keyOf(b.from) &&
    keyOf(a.to) === keyOf(b.to) &&
    keyOf(a.step) === keyOf(b.step)
  );
}

function touchesMemory(loop: For): boolean {
  let touches = false;
  visitStatements([loop], {
    statement: (s) => {
      if (s.kind === 'store' || s.kind === 'barrier' || s.kind === 'while') touches = true;
    },
  });
  return touches;
}

/** Those of the statements that the loop needs, directly or through others. */
function neededBy(loop: For, between: readonly Statement[]): Set<Statement> {
  const names = new Set<string>();
  const want = (s: Statement): void => {
    visitStatements([s], { expression: (e) => e.kind === 'local' && names.add(e.name) });
    visitStatements([s], { statement: (i) => i.kind === 'assign' && names.add(i.name) });
  };
  want(loop);
  const needed = new Set<Statement>();
  for (const s of [...between].reverse()) {
    if ((s.kind === 'let' || s.kind === 'var') && names.has(s.name)) {
      needed.add(s);
      want(s);
    }
  }
  return needed;
}

function assignedIn(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  visitStatements(statements, { statement: (s) => s.kind === 'assign' && names.add(s.name) });
  return names;
}

function uses(s: Statement, names: ReadonlySet<string>): boolean {
  let found = false;
  visitStatements([s], {
    expression: (e) => {
      if (e.kind === 'local' && names.has(e.name)) found = true;
    },
    statement: (i) => {
      if (i.kind === 'assign' && names.has(i.name)) found = true;
    },
  });
  return found;
}

function together(first: For, second: For): For {
  const rename = new Map([[second.variable, k.local(first.variable, 'i32')]]);
  const body = [...first.body, ...renamed(second.body, rename)];
  return { ...first, body: joinLoops(shared(body)) };
}

/** Lets of one value are one let, where nothing changes that value on the way. */
function shared(body: readonly Statement[]): Statement[] {
  const changed = assignedIn(body);
  const known = new Map<string, Expression>();
  const names = new Map<string, Expression>();
  const kept: Statement[] = [];
  for (const original of body) {
    const [s = original] = renamed([original], names);
    if (s.kind === 'let' && !uses(s, changed)) {
      const key = keyOf(s.value);
      const same = known.get(key);
      if (same !== undefined) {
        names.set(s.name, same);
        continue;
      }
      known.set(key, k.local(s.name, k.typeOf(s.value)));
    }
    kept.push(s);
  }
  return kept;
}

function renamed(
  body: readonly Statement[],
  names: ReadonlyMap<string, Expression>,
): readonly Statement[] {
  if (names.size === 0) return body;
  const used = body.some((s) => uses(s, new Set(names.keys())));
  if (!used) return body;
  return mapStatements(body, (e) => (e.kind === 'local' ? (names.get(e.name) ?? e) : e));
}
