/** What a function that knows no names yet is written in. */
import { CompilerBug } from '../../base/bug.ts';
import type { Code } from './code.ts';
import type { Context, FunctionTable } from './context.ts';
import { emitExpression } from './expressions.ts';
import { Names } from './names.ts';

export function newContext(code: Code, functions: FunctionTable): Context {
  return {
    code,
    functions,
    emit: emitExpression,
    relaxed: false,
    inPlace: false,
    memories: new Map(),
    sizes: new Map(),
    step: undefined,
    locals: new Names(),
    pointers: undefined,
    needed: undefined,
    sink: () => {
      throw new CompilerBug('wasm', 'a function has no loops');
    },
  };
}
