/** All that a kernel and the functions it calls give a name to, in the order of the text. */
import type { Kernel, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import { visitStatements } from '../../kernel/walk.ts';
import type { DeclaredName } from './names.ts';

export function declaredNames(
  kernel: Kernel,
  functions: readonly KernelFunction[],
): readonly DeclaredName[] {
  const { sizes, shared, registers, body } = kernel;
  const locals: DeclaredName[] = [];
  const addLocal = (name: string): void => {
    locals.push({ kind: 'local', name });
  };
  visitStatements(body, {
    statement: (s) => {
      if (s.kind === 'let' || s.kind === 'var') addLocal(s.name);
      if (s.kind === 'for') addLocal(s.variable);
    },
  });
  for (const { parameters, lets } of functions) {
    for (const { name } of [...parameters, ...lets]) addLocal(name);
  }
  return [
    ...sizes.map((name): DeclaredName => ({ kind: 'size', name })),
    ...[...shared, ...registers].map(({ name }): DeclaredName => ({ kind: 'memory', name })),
    ...functions.map(({ name }): DeclaredName => ({ kind: 'function', name })),
    ...locals,
  ];
}
