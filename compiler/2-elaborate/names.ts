/** Every name that a spec can use without declaring it, and the report when one is unknown. */
import type { Span } from '../base/source.ts';
import { nearest } from '../diagnostics/nearest.ts';
import type { ElaborationContext } from './context.ts';
import { binaryFunctions, elementwiseFunctions } from './elementwise.ts';
import type { Environment } from './environment.ts';
import { tensorFunctions } from './functions.ts';
import { initializerForms } from './initializers.ts';

export const combinatorNames: readonly string[] = ['bidirectional', 'stack', 'residual', 'concat'];
export const lossNames: readonly string[] = ['crossEntropy', 'binaryCrossEntropy', 'mse', 'ctc'];

export function isFunctionName(name: string): boolean {
  return (
    Object.hasOwn(elementwiseFunctions, name) ||
    Object.hasOwn(binaryFunctions, name) ||
    Object.hasOwn(tensorFunctions, name)
  );
}

export function candidates(ctx: ElaborationContext, env: Environment): string[] {
  return [
    ...env.all(),
    ...(env.frame?.states.keys() ?? []),
    ...(env.frame?.targets ?? []),
    ...ctx.definitions.keys(),
    ...Object.keys(elementwiseFunctions),
    ...Object.keys(binaryFunctions),
    ...Object.keys(tensorFunctions),
    ...Object.keys(initializerForms),
    ...combinatorNames,
    ...lossNames,
  ];
}

export function reportUnknown(
  ctx: ElaborationContext,
  name: string,
  span: Span,
  known: readonly string[],
  what = 'name',
): undefined {
  const near = nearest(name, known);
  return ctx.error('N3001', `unknown ${what} ${name}`, span, {
    hint: near === undefined ? undefined : `did you mean ${near}?`,
  });
}
