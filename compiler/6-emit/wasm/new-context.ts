/** What a function that knows no names yet is written in. */
import { CompilerBug } from '../../base/bug.ts';
import { int } from '../../kernel/build.ts';
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
    inPlace: { left: 0 },
    memories: new Map(),
    sizes: new Map(),
    step: undefined,
    places: [int(0), int(0), int(0)],
    locals: new Names(),
    quotients: new Names(),
    hoisted: new Map(),
    pointers: undefined,
    needed: undefined,
    sink: () => {
      throw new CompilerBug('wasm', 'a function has no loops');
    },
  };
}
