/**
 * Loops over one range become one loop, where none needs what another computes: the gates of a cell
 * then share the loads of the state. What both bodies compute is computed once.
 */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import { sameItems } from '../base/same-items.ts';
import * as k from '../kernel/build.ts';
import { blocksOf, expressionsOf, mapStatements, visitExpression } from '../kernel/walk.ts';
import { keyOf } from './emitter.ts';

type For = Extract<Statement, { kind: 'for' }>;

/** The statements themselves where no loops join. */
export function joinLoops(statements: readonly Statement[]): readonly Statement[] {
  const joined: Statement[] = [];
  for (const statement of statements) {
    const inner = withJoinedBlocks(statement);
    if (inner.kind !== 'for' || !joinInto(joined, inner)) joined.push(inner);
  }
  return sameItems(joined, statements) ? statements : joined;
}

function withJoinedBlocks(s: Statement): Statement {
  switch (s.kind) {
    case 'for':
    case 'while': {
      const body = joinLoops(s.body);
      return body === s.body ? s : { ...s, body };
    }
    case 'if': {
      const [then, otherwise] = [joinLoops(s.then), joinLoops(s.otherwise)];
      return then === s.then && otherwise === s.otherwise ? s : { ...s, then, otherwise };
    }
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

/** Puts the loop into the last one of the statements where the two can be one; tells if it has. */
function joinInto(before: Statement[], loop: For): boolean {
  const at = before.findLastIndex(({ kind }) => !isPassed(kind));
  const first = before[at];
  if (first?.kind !== 'for' || !sameRange(first, loop)) return false;
  if (factsOf(first).touchesMemory || factsOf(loop).touchesMemory) return false;
  const between = before.slice(at + 1);
  const moved = neededBy(loop, between);
  const earlier = between.filter((s) => moved.has(s));
  const later = between.filter((s) => !moved.has(s));
  // Turns of the two alternate from now on: neither may see what the other changes.
  const changedFirst = factsOf(first).assigned;
  const changedNext = factsOf(loop).assigned;
  if ([...earlier, loop].some((s) => uses(s, changedFirst))) return false;
  if ([first, ...later].some((s) => uses(s, changedNext))) return false;
  before.splice(at, before.length - at, ...earlier, together(first, loop), ...later);
  return true;
}

/** What may stand between two loops that become one. */
function isPassed(kind: Statement['kind']): boolean {
  return kind === 'let' || kind === 'var' || kind === 'comment';
}

function sameRange(a: For, b: For): boolean {
  return (
    keyOf(a.from) === keyOf(b.from) &&
    keyOf(a.to) === keyOf(b.to) &&
    keyOf(a.step) === keyOf(b.step)
  );
}

/** Of a statement with all that stands in it. */
interface Facts {
  /** Names of locals that it reads or assigns. */
  readonly mentioned: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  readonly touchesMemory: boolean;
}

const facts = new WeakMap<Statement, Facts>();

function factsOf(s: Statement): Facts {
  const known = facts.get(s);
  if (known !== undefined) return known;
  const mentioned = new Set<string>();
  const assigned = new Set<string>();
  let touchesMemory = s.kind === 'store' || s.kind === 'barrier' || s.kind === 'while';
  const mention = (e: Expression): void => {
    if (e.kind === 'local') mentioned.add(e.name);
  };
  for (const e of expressionsOf(s)) visitExpression(e, mention);
  if (s.kind === 'assign') assigned.add(s.name);
  for (const inner of blocksOf(s).flat()) {
    const found = factsOf(inner);
    for (const name of found.mentioned) mentioned.add(name);
    for (const name of found.assigned) assigned.add(name);
    touchesMemory ||= found.touchesMemory;
  }
  for (const name of assigned) mentioned.add(name);
  const own = { mentioned, assigned, touchesMemory };
  facts.set(s, own);
  return own;
}

/** Those of the statements that the loop needs, directly or through others. */
function neededBy(loop: For, between: readonly Statement[]): Set<Statement> {
  const names = new Set(factsOf(loop).mentioned);
  const needed = new Set<Statement>();
  for (const s of [...between].reverse()) {
    if ((s.kind === 'let' || s.kind === 'var') && names.has(s.name)) {
      needed.add(s);
      for (const name of factsOf(s).mentioned) names.add(name);
    }
  }
  return needed;
}

function uses(s: Statement, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const { mentioned } = factsOf(s);
  for (const name of names) if (mentioned.has(name)) return true;
  return false;
}

function together(first: For, second: For): For {
  const rename = new Map([[second.variable, k.local(first.variable, 'i32')]]);
  const body = [...first.body, ...renamed(second.body, rename)];
  return { ...first, body: joinLoops(shared(body)) };
}

/** Lets of one value are one let, where nothing changes that value on the way. */
function shared(body: readonly Statement[]): Statement[] {
  const changed = new Set(body.flatMap((s) => [...factsOf(s).assigned]));
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
  const wanted = new Set(names.keys());
  if (!body.some((s) => uses(s, wanted))) return body;
  return mapStatements(body, (e) => (e.kind === 'local' ? (names.get(e.name) ?? e) : e));
}
