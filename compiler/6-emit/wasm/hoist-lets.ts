/**
 * Lets of a kernel that are the same for all of its workgroups are computed once, before the loop
 * over them: no engine does so by itself. What is loaded stays, since where there are no workgroups
 * nothing may be there.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { someExpression } from '../../kernel/walk.ts';
import type { Context, Local } from './context.ts';
import { Names } from './names.ts';
import { define } from './scope.ts';

/** Defines them; for each `let` of what one workgroup does, the local that then holds its value. */
export function hoistLets(
  body: readonly Statement[],
  context: Context,
): ReadonlyMap<Statement, Local> {
  const hoisted = new Map<Statement, Local>();
  hoistBlock(body, context, hoisted, new Set());
  return hoisted;
}

function hoistBlock(
  statements: readonly Statement[],
  outer: Context,
  hoisted: Map<Statement, Local>,
  seen: Set<Statement>,
): void {
  // Their locals are never released: they hold as long as the kernel runs.
  const context = {
    ...outer,
    locals: new Names(outer.locals),
    quotients: new Names(outer.quotients),
  };
  for (const s of statements) {
    if (s.kind === 'if') {
      hoistBlock(s.then, context, hoisted, seen);
      hoistBlock(s.otherwise, context, hoisted, seen);
    }
    if (s.kind !== 'let' || !isSame(s.value, context)) continue;
    // What stands in two places may mean two things.
    if (seen.has(s)) hoisted.delete(s);
    else define(s.name, s.value, context);
    const local = seen.has(s) ? undefined : context.locals.get(s.name);
    if (local !== undefined) hoisted.set(s, { ...local, borrowed: true });
    seen.add(s);
  }
}

/** Whether no workgroup differs from another in it; of locals, those defined so far are such. */
function isSame(e: Expression, { locals }: Context): boolean {
  return !someExpression(
    e,
    (part) =>
      part.kind === 'load' ||
      part.kind === 'place' ||
      (part.kind === 'local' && locals.get(part.name) === undefined),
  );
}
