/**
 * The parts of a tree one level down, in the order in which they are written.
 */
import type { Expression } from './types.ts';

export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'reference':
    case 'timed':
    case 'broken':
      return [];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return expression.arguments.map((argument) => argument.value);
    case 'product':
      return expression.operands;
    case 'list':
      return expression.items;
    case 'pipeline':
      return expression.stages;
    default:
      return expression satisfies never;
  }
}
