/** Functions of the program as functions of WGSL: those that a kernel calls, callees first. */
import type { Expression, Kernel, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { typeOf } from '../../kernel/build.ts';
import { visitExpression, visitStatements } from '../../kernel/walk.ts';
import type { Context } from './context.ts';
import { expressionText } from './expressions.ts';
import { indented, statementLines } from './statements.ts';

export function calledFunctions(
  { body }: Kernel,
  functions: readonly KernelFunction[],
): readonly KernelFunction[] {
  const byName = new Map(functions.map((f) => [f.name, f]));
  const seen = new Set<string>();
  const ordered: KernelFunction[] = [];
  const call = (e: Expression): void => {
    if (e.kind !== 'call' || seen.has(e.function)) return;
    seen.add(e.function);
    const called = present(byName.get(e.function), `the function ${e.function}`);
    for (const { value } of called.lets) visitExpression(value, call);
    visitExpression(called.result, call);
    ordered.push(called);
  };
  visitStatements(body, { expression: call });
  return ordered;
}

export function functionLines(f: KernelFunction, context: Context): string[] {
  const { names } = context;
  const parameters = f.parameters.map(({ name, type }) => `${names.of('local', name)}: ${type}`);
  const lets = f.lets.map(({ name, value }) => ({ kind: 'let', name, value }) as const);
  return [
    `fn ${names.of('function', f.name)}(${parameters.join(', ')}) -> ${typeText(f.result)} {`,
    ...indented(statementLines(lets, context)),
    `  return ${expressionText(f.result, context)};`,
    '}',
  ];
}

function typeText(e: Expression): string {
  const type = typeOf(e);
  return type === 'f32x4' ? 'vec4<f32>' : type;
}
