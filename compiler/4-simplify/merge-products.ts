/**
 * Products of one value with several weights become one product with the weights side by side, of
 * which each takes its slice: a W_1, a W_2 = slices of a [W_1, W_2]. Weights are what does not vary
 * (over time in a body, with the data outside), so putting them side by side costs little. Order is
 * that of first appearance.
 *
 * Outside, a product that a scan reads step by step stays alone: its slice would have to be copied.
 */
import { present } from '../base/bug.ts';
import { concat, slice } from '../graph/build.ts';
import { addDims, fixed, printDim, type Dim } from '../graph/dim.ts';
import type { Graph, Instruction, Value } from '../graph/types.ts';
import { editGraph, type GraphEditor } from './graph-editor.ts';
import { bothSides, multiply, otherSide, productOf, resultAxis } from './products.ts';
import type { Product, Side } from './products.ts';
import { constantsFirst, inEveryScope, neededBy, type Scope } from './scope.ts';

export function mergeProducts(graph: Graph): Graph {
  return inEveryScope(graph, mergeIn);
}

/** Products that have one operand in common; at least two. */
interface Group {
  /** Which operand is the common one. */
  readonly side: Side;
  readonly members: readonly Product[];
}

function mergeIn(scope: Scope): Graph {
  const groups = groupsOf(scope);
  if (groups.length === 0) return scope.graph;
  const groupOf = new Map(groups.flatMap((g) => g.members.map((m) => [m.instruction, g])));
  const slices = new Map<Instruction, Value>();
  return editGraph(constantsFirst(scope), (_instruction, editor, original) => {
    const group = groupOf.get(original);
    if (group === undefined) return undefined;
    if (group.members[0]?.instruction === original) {
      emitMerged(editor, group).forEach((v, i) => {
        slices.set(present(group.members[i], 'a product').instruction, v);
      });
    }
    return [present(slices.get(original), 'a slice of the merged product')];
  });
}

function groupsOf(scope: Scope): Group[] {
  const groups = new Map<string, { side: Side; members: Product[] }>();
  const carried = neededBy(scope.graph, scope.scan?.nexts.map((r) => r.value) ?? []);
  for (const instruction of scope.graph.instructions) {
    const product = productOf(instruction);
    const side = product && commonSide(scope, product);
    if (product === undefined || side === undefined) continue;
    // What no carry depends on may go after the scan, if it is not tied to what must stay.
    const stays = carried.has(instruction) || scope.variance(product.result) === 'step';
    const key = `${stays ? 'stays' : 'goes'} ${keyOf(product, side)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { side, members: [product] });
    else group.members.push(product);
  }
  return [...groups.values()].filter((g) => g.members.length > 1);
}

/** The side that varies while the other one is a weight with a free axis. */
function commonSide(scope: Scope, product: Product): Side | undefined {
  if (scope.scan === undefined && isReadByScan(scope, product.result)) return undefined;
  return bothSides.find(
    (side) =>
      scope.variance(product.operands[side]) !== 'constant' &&
      scope.variance(product.operands[otherSide(side)]) === 'constant' &&
      product.sides[otherSide(side)].free.length > 0,
  );
}

/** As it is, or with something added to it. */
function isReadByScan(scope: Scope, value: Value): boolean {
  return scope
    .users(value)
    .some(
      ({ op, results: [result] }) =>
        op === 'scan' || (op === 'add' && result !== undefined && isReadByScan(scope, result)),
    );
}

/** Equal for products whose weights differ in their first free axis alone. */
function keyOf(product: Product, side: Side): string {
  const weight = product.operands[otherSide(side)];
  const { free } = product.sides[otherSide(side)];
  const shape = weight.type.shape.map((d, axis) => (axis === free[0] ? '' : printDim(d)));
  const { contractLeft, contractRight, batchLeft, batchRight } = product.instruction.attributes;
  const axes = JSON.stringify([contractLeft, contractRight, batchLeft, batchRight]);
  return `${side} ${product.operands[side].id} ${axes} ${shape.join()}`;
}

/** The slices, one a member. */
function emitMerged(editor: GraphEditor, { side, members }: Group): readonly Value[] {
  const first = present(members[0], 'a group of products');
  const axis = present(first.sides[otherSide(side)].free[0], 'a free axis');
  const along = present(resultAxis(first, otherSide(side), axis), 'a free axis of the result');
  const weights = members.map((m) => editor.current(m.operands[otherSide(side)]));
  const common = editor.current(first.operands[side]);
  const merged = multiply(editor, first, side, common, concat(editor, weights, axis));
  let at: Dim = fixed(0);
  return weights.map((weight) => {
    const length = present(weight.type.shape[axis], 'a free axis');
    const part = slice(editor, merged, along, at, length);
    at = addDims(at, length);
    return part;
  });
}
