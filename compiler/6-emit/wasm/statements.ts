/** Statements as instructions; none leaves anything on the stack. */
import type { Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import type { Context } from './context.ts';
import { emitFor } from './loops.ts';
import { emitStore } from './memory.ts';
import { op } from './opcodes.ts';
import { define, defineForm, defineVariable, inBlock } from './scope.ts';

type Let = Extract<Statement, { kind: 'let' }>;

export function emitBlock(statements: readonly Statement[], outer: Context): void {
  inBlock(outer, (context) => {
    for (const s of statements) emitStatement(s, context);
  });
}

function emitStatement(s: Statement, context: Context): void {
  const { code, locals } = context;
  switch (s.kind) {
    case 'let':
      return emitLet(s, context);
    case 'var':
      return defineVariable(s.name, s.value, context);
    case 'assign':
      context.emit(s.value, context);
      return code.set(present(locals.get(s.name)?.at, `var ${s.name}`));
    case 'store':
      return emitStore(s, context);
    case 'for':
      return emitFor(s, context, emitBlock);
    case 'while':
      code.open(op.block);
      code.open(op.loop);
      context.emit(s.condition, context);
      code.op(op.i32Eqz);
      code.op(op.brIf, 1);
      emitBlock(s.body, context);
      code.op(op.br, 0);
      code.end();
      return code.end();
    case 'if':
      context.emit(s.condition, context);
      code.open(op.if);
      emitBlock(s.then, context);
      if (s.otherwise.length > 0) {
        code.op(op.else);
        emitBlock(s.otherwise, context);
      }
      return code.end();
    case 'barrier':
    case 'comment':
      // An invocation alone in its workgroup waits for nobody.
      return;
  }
  s satisfies never;
}

function emitLet(s: Let, context: Context): void {
  const { locals, hoisted, needed } = context;
  const before = hoisted.get(s);
  if (before !== undefined) locals.set(s.name, before);
  else if (needed?.has(s) === false) defineForm(s.name, s.value, context);
  else define(s.name, s.value, context);
}
