/** Names that no local and no size of a kernel has. */
import type { Statement } from '../../runtime/artifact/kernel.ts';
import { visitStatements } from './walk.ts';

export type FreshName = (hint: string) => string;

export function freshNames(taken: Iterable<string>): FreshName {
  const all = new Set(taken);
  return (hint) => {
    let name = hint;
    for (let i = 2; all.has(name); i++) name = `${hint} ${i}`;
    all.add(name);
    return name;
  };
}

export function namesIn(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  visitStatements(statements, {
    statement: (s) => {
      if (s.kind === 'let' || s.kind === 'var') names.add(s.name);
      if (s.kind === 'for') names.add(s.variable);
    },
  });
  return names;
}
