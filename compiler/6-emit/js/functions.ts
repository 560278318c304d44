/** Functions of the program as functions of the module. */
import type { KernelFunction, Statement } from '../../../runtime/artifact/kernel.ts';
import { present } from '../../base/bug.ts';
import { scalarFunction } from '../../kernel/scalar-form.ts';
import { valueText } from './expressions.ts';
import { withFewerLets } from '../../kernel/fewer-lets.ts';
import { block, packed } from './lines.ts';
import { newContext, type Shared } from './new-context.ts';
import { simpleTexts } from './statements.ts';

/** `(a, b) {`, and so on. */
export function functionLines(f: KernelFunction, shared: Shared): string[] {
  const { parameters, lets, result } = scalarFunction(f);
  const context = newContext(shared);
  const names = parameters.map(({ name }) => context.names.of(name));
  const given = lets.map(({ name, value }): Statement => ({ kind: 'let', name, value }));
  // As a statement of its own, so that lets are asked for by it.
  const asked: Statement = { kind: 'assign', name: 'result', value: result };
  const fewer = withFewerLets([...given, asked], new Set());
  const defined = fewer.flatMap((s) => (s.kind === 'let' ? [s] : []));
  const last = fewer.flatMap((s) => (s.kind === 'assign' ? [s.value] : []));
  const texts = simpleTexts(defined, context);
  const returned = last.map((e) => `return ${valueText(e, context)};`);
  return block(`(${names.join(', ')})`, packed([...texts, ...returned]));
}

export function functionNamed(
  functions: readonly KernelFunction[],
): (name: string) => KernelFunction {
  const byName = new Map(functions.map((f) => [f.name, f]));
  return (name) => present(byName.get(name), `the function ${name}`);
}
