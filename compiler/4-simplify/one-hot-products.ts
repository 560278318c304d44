/**
 * Products with the one-hot code of ids, as they are and as the derivatives have them: a row of the
 * other side for each id, or a sum of rows by ids, with no code made and no zero multiplied. An id
 * that is no row has no one in its code: it gives zeros, and adds to nothing.
 */
import { present } from '../base/bug.ts';
import * as build from '../graph/build.ts';
import type { Dim } from '../graph/dim.ts';
import type { Builder, Graph, Instruction, Value } from '../graph/types.ts';
import { editGraph, type GraphEditor } from './graph-editor.ts';
import { bothSides, otherSide, productOf, type Product, type Side } from './products.ts';
import { inEveryScope } from './scope.ts';

export function oneHotProducts(graph: Graph): Graph {
  return inEveryScope(graph, ({ graph: scope }) =>
    editGraph(scope, (instruction, editor) => {
      const product = productOf(instruction);
      if (product === undefined) return undefined;
      for (const side of bothSides) {
        const code = oneHot(editor, product.operands[side]);
        const value =
          code &&
          (chosenRows(editor, product, side, code) ?? summedRows(editor, product, side, code));
        if (value !== undefined) return [value];
      }
      return undefined;
    }),
  );
}

/** The code of `ids` is [ids…, rows]. */
interface OneHot {
  readonly ids: Value;
  readonly rows: Dim;
}

/** `cast(equal(ids along all axes but the last, 0, 1, 2, … along the last))`, either way round. */
function oneHot(editor: GraphEditor, value: Value): OneHot | undefined {
  const cast = definedBy(editor, value, 'cast');
  const equal = cast && definedBy(editor, cast.operands[0], 'equal');
  if (value.type.dtype !== 'float' || equal === undefined) return undefined;
  const last = value.type.shape.length - 1;
  for (const side of bothSides) {
    const ids = spread(
      editor,
      equal.operands[side],
      (axes) => axes.length === last && axes.every((axis, i) => axis === i),
    );
    const numbers = spread(
      editor,
      equal.operands[otherSide(side)],
      (axes) => axes.length === 1 && axes[0] === last,
    );
    if (ids?.type.dtype !== 'int' || numbers === undefined) continue;
    if (definedBy(editor, numbers, 'iota') === undefined) continue;
    return { ids, rows: present(value.type.shape[last], 'the last axis') };
  }
  return undefined;
}

function definedBy(
  editor: GraphEditor,
  value: Value | undefined,
  op: string,
): Instruction | undefined {
  const instruction = value && editor.definition(value);
  return instruction?.op === op ? instruction : undefined;
}

/** What is repeated, along the axes that it has itself. */
function spread(
  editor: GraphEditor,
  value: Value | undefined,
  fits: (axes: readonly unknown[]) => boolean,
): Value | undefined {
  const broadcast = definedBy(editor, value, 'broadcast');
  const axes = broadcast?.attributes['axes'];
  return Array.isArray(axes) && fits(axes) ? broadcast?.operands[0] : undefined;
}

/** The code's last axis is summed over: each id chooses a row of the other side. */
function chosenRows(b: Builder, product: Product, side: Side, code: OneHot): Value | undefined {
  const own = product.sides[side];
  const other = product.sides[otherSide(side)];
  const table = product.operands[otherSide(side)];
  const rank = code.ids.type.shape.length;
  const plain = own.batch.length === 0 && own.contract.length === 1 && own.contract[0] === rank;
  // On the right, the ids' axes come last in the result: rows would have to be turned.
  if (!plain || side !== 0 || table.type.shape.length !== 2) return undefined;
  const rows = other.contract[0] === 0 ? table : build.transpose(b, table, [1, 0]);
  const { ids, isRow } = heldIds(b, code);
  const chosen = build.gather(b, rows, ids);
  return masked(b, isRow, chosen);
}

/** All of the ids' axes are summed over: rows of the other side add up by ids. */
function summedRows(b: Builder, product: Product, side: Side, code: OneHot): Value | undefined {
  const own = product.sides[side];
  const other = product.sides[otherSide(side)];
  const updates = product.operands[otherSide(side)];
  const rank = code.ids.type.shape.length;
  const inOrder = (axes: readonly number[]): boolean =>
    axes.length === rank && axes.every((axis, i) => axis === i);
  if (own.batch.length > 0 || !inOrder(own.contract) || !inOrder(other.contract)) return undefined;
  const { ids, isRow } = heldIds(b, code);
  const sums = build.scatterAdd(b, ids, masked(b, isRow, updates), code.rows);
  if (side === 0) return sums;
  const axes = sums.type.shape.map((_, axis) => axis);
  return build.transpose(b, sums, [...axes.slice(1), 0]);
}

/** The ids within the rows there are, and whether they were. */
function heldIds(b: Builder, { ids, rows }: OneHot): { ids: Value; isRow: Value } {
  const { shape } = ids.type;
  const zero = build.filled(b, 0, shape, 'int');
  const count = build.broadcast(b, build.cast(b, build.size(b, rows), 'int'), shape, []);
  const isRow = build.and(b, build.lessEqual(b, zero, ids), build.less(b, ids, count));
  return { ids: build.select(b, isRow, ids, zero), isRow };
}

function masked(b: Builder, isRow: Value, value: Value): Value {
  const { shape } = value.type;
  const axes = isRow.type.shape.map((_, axis) => axis);
  const zeros = build.filled(b, 0, shape);
  return build.select(b, build.broadcast(b, isRow, shape, axes), value, zeros);
}
