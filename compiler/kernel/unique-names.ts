/** Statements in which no two blocks define the same name: it alone says what is meant. */
import type { Expression, Statement } from '../../runtime/artifact/kernel.ts';
import type { FreshName } from './fresh-names.ts';
import { mapExpression } from './walk.ts';

/** The first to define a name keeps it; `fresh` gives names that nothing else has. */
export function withUniqueNames(
  statements: readonly Statement[],
  fresh: FreshName,
): readonly Statement[] {
  return block(statements, { fresh, seen: new Set(), names: new Map() });
}

interface Scope {
  readonly fresh: FreshName;
  readonly seen: Set<string>;
  /** What names that can be seen are called now. */
  readonly names: Map<string, string>;
}

function block(statements: readonly Statement[], outer: Scope): readonly Statement[] {
  const scope = { ...outer, names: new Map(outer.names) };
  return statements.map((s) => statement(s, scope));
}

function statement(s: Statement, scope: Scope): Statement {
  const of = (e: Expression): Expression => renamed(e, scope);
  switch (s.kind) {
    case 'let':
    case 'var': {
      const value = of(s.value);
      return { kind: s.kind, name: define(s.name, scope), value };
    }
    case 'assign':
      return { ...s, name: scope.names.get(s.name) ?? s.name, value: of(s.value) };
    case 'store':
      return { ...s, index: of(s.index), value: of(s.value) };
    case 'for': {
      const [from, to, step] = [of(s.from), of(s.to), of(s.step)];
      const inside = { ...scope, names: new Map(scope.names) };
      const variable = define(s.variable, inside);
      return { kind: 'for', variable, from, to, step, body: block(s.body, inside) };
    }
    case 'while':
      return { ...s, condition: of(s.condition), body: block(s.body, scope) };
    case 'if': {
      const [then, otherwise] = [block(s.then, scope), block(s.otherwise, scope)];
      return { kind: 'if', condition: of(s.condition), then, otherwise };
    }
    case 'barrier':
    case 'comment':
      return s;
  }
  s satisfies never;
}

function define(name: string, { seen, names, fresh }: Scope): string {
  const own = seen.has(name) ? fresh(name) : name;
  seen.add(name);
  names.set(name, own);
  return own;
}

function renamed(e: Expression, { names }: Scope): Expression {
  return mapExpression(e, (part) => {
    if (part.kind !== 'local') return part;
    const name = names.get(part.name) ?? part.name;
    return name === part.name ? part : { ...part, name };
  });
}
