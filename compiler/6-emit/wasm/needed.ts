/**
 * What of a loop's body is still asked for where pointers stand for indexes: a `let` that only such
 * an index speaks of need not be computed, nor need the loop's variable be kept.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { expressionsOf, partsOf } from '../../kernel/walk.ts';
import type { Context } from './context.ts';
import { nameOf } from './linear-of.ts';

export interface Needed {
  readonly statements: ReadonlySet<Statement>;
  readonly names: ReadonlySet<string>;
}

/** `covers` says for which indexes there are pointers. */
export function neededIn(
  body: readonly Statement[],
  covers: (index: Expression) => boolean,
  context: Context,
): Needed {
  const statements = new Set<Statement>();
  const names = new Set<string>();
  const ask = (e: Expression): void => {
    const name = nameOf(e, context);
    if (name !== undefined) names.add(name);
    if (e.kind === 'load' && covers(e.index)) return;
    for (const part of partsOf(e)) ask(part);
  };
  // From the end, so that all that asks for a name has been seen before its `let`.
  const visit = (block: readonly Statement[]): void => {
    for (const s of block.toReversed()) {
      if (s.kind === 'let' && !names.has(s.name)) continue;
      statements.add(s);
      if (s.kind === 'if') {
        visit(s.then);
        visit(s.otherwise);
      }
      if (s.kind === 'store') {
        ask(s.value);
        if (!covers(s.index)) ask(s.index);
      } else {
        for (const e of expressionsOf(s)) ask(e);
      }
    }
  };
  visit(body);
  return { statements, names };
}
