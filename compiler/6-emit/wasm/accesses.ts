/** The accesses to memory in the body of a loop that has no other loop in it, as linear forms. */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { typeOf } from '../../kernel/build.ts';
import { expressionsOf, visitExpression } from '../../kernel/walk.ts';
import type { Context } from './context.ts';
import type { Linear } from './linear.ts';
import { linearOf } from './linear-of.ts';
import { Names } from './names.ts';
import { defineForm, isFixedIn } from './scope.ts';

export interface Access {
  readonly memory: string;
  readonly index: Expression;
  /** Undefined where the index is not linear in what keeps its value in the loop. */
  readonly form: Linear | undefined;
  /** Whether there may be a turn of the loop without it. */
  readonly conditional: boolean;
}

/** Names that the body defines are known by their linear forms alone, or not at all. */
export function accessesOf(body: readonly Statement[], context: Context): readonly Access[] {
  const found: Access[] = [];
  visitBlock(body, context, false, found);
  return found;
}

function visitBlock(
  statements: readonly Statement[],
  outer: Context,
  conditional: boolean,
  found: Access[],
): void {
  const context = { ...outer, locals: new Names(outer.locals) };
  const note = (memory: string, index: Expression): void => {
    const form = linearOf(index, { context, isFixed: isFixedIn(context) });
    found.push({ memory, index, form, conditional });
  };
  for (const s of statements) {
    for (const e of expressionsOf(s)) {
      visitExpression(e, (part) => {
        if (part.kind === 'load') note(part.memory, part.index);
      });
    }
    if (s.kind === 'store') note(s.memory, s.index);
    if (s.kind === 'let' && typeOf(s.value) === 'i32') defineForm(s.name, s.value, context);
    if (s.kind === 'if') {
      visitBlock(s.then, context, true, found);
      visitBlock(s.otherwise, context, true, found);
    }
  }
}
