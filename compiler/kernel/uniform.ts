/**
 * Which values are the same for all invocations of a workgroup: numbers, sizes, the time step, the
 * workgroup's place, and what is made of them alone. Whatever is loaded is taken to differ.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { someExpression } from './walk.ts';

/** Whether a local is the same for all; locals that are not there differ. */
export type Uniform = (local: string) => boolean;

export function isUniform(e: Expression, uniform: Uniform): boolean {
  return !someExpression(e, (part) => {
    switch (part.kind) {
      case 'load':
        return true;
      case 'place':
        return part.of === 'invocation';
      case 'local':
        return !uniform(part.name);
      case 'number':
      case 'size':
      case 'step':
      case 'unary':
      case 'binary':
      case 'select':
      case 'call':
      case 'lane':
      case 'pack':
        return false;
    }
    part satisfies never;
  });
}
