/**
 * In scan bodies, a product with a concat of which one part varies less than the whole is taken
 * apart, so that this part may leave the loop: along the contracted axis,
 * [a, x] W = a W_a + x W_x; along a free axis, a concat of products.
 */
import { present } from '../base/bug.ts';
import { add, concat, slice } from '../graph/build.ts';
import { addDims, fixed, type Dim } from '../graph/dim.ts';
import type { Builder, Graph, Instruction, Value } from '../graph/types.ts';
import { editGraph } from './graph-editor.ts';
import { bothSides, multiply, otherSide, productOf, resultAxis } from './products.ts';
import type { Product, Side } from './products.ts';
import { inEveryScope, mostVarying, variesLess, type Scope } from './scope.ts';

export function splitProducts(graph: Graph): Graph {
  return inEveryScope(graph, (scope) => (scope.scan === undefined ? scope.graph : splitIn(scope)));
}

function splitIn(scope: Scope): Graph {
  return editGraph(scope.graph, (instruction, editor, original) => {
    const product = productOf(original);
    const current = productOf(instruction);
    if (product === undefined || current === undefined) return undefined;
    for (const side of bothSides) {
      const joined = scope.definition(product.operands[side]);
      if (joined?.op === 'concat' && isWorthwhile(scope, product, side, joined)) {
        const parts = joined.operands.map((v) => editor.current(v));
        const split = splitAlong(editor, current, side, parts, joined.attributes.axis);
        if (split !== undefined) return [split];
      }
    }
    return undefined;
  });
}

function isWorthwhile(
  { variance }: Scope,
  product: Product,
  side: Side,
  joined: Instruction,
): boolean {
  const other = variance(product.operands[otherSide(side)]);
  const whole = variance(product.result);
  return joined.operands.some((v) => variesLess(mostVarying([variance(v), other]), whole));
}

/** Undefined where the concat is along a batch axis. */
function splitAlong(
  b: Builder,
  product: Product,
  side: Side,
  parts: readonly Value[],
  axis: unknown,
): Value | undefined {
  if (typeof axis !== 'number') return undefined;
  const other = product.operands[otherSide(side)];
  const free = resultAxis(product, side, axis);
  if (free !== undefined) {
    const products = parts.map((part) => multiply(b, product, side, part, other));
    return concat(b, products, free);
  }
  const pair = product.sides[side].contract.indexOf(axis);
  const cut = product.sides[otherSide(side)].contract[pair];
  if (cut === undefined) return undefined;
  let at: Dim = fixed(0);
  const products = parts.map((part) => {
    const length = present(part.type.shape[axis], 'the axis of a concat');
    const piece = slice(b, other, cut, at, length);
    at = addDims(at, length);
    return multiply(b, product, side, part, piece);
  });
  return products.reduce((sum, term) => add(b, sum, term));
}
