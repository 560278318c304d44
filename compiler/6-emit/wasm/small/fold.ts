/** Arithmetic on i32 that is known beforehand, or is less to write in another way. */
import { op } from '../opcodes.ts';
import { become, node, visit, type Tree } from './tree.ts';

export function fold(body: readonly Tree[]): void {
  visit(body, (tree) => {
    const [x, y] = tree.operands;
    if (x === undefined || y === undefined || tree.operands.length > 2) return;
    foldBinary(tree, x, y);
  });
}

function foldBinary(tree: Tree, x: Tree, y: Tree): void {
  const [left, right] = [numberOf(x), numberOf(y)];
  if (left !== undefined && right !== undefined) {
    const result = computed[tree.code]?.(left, right);
    if (result !== undefined) become(tree, constant(result));
    return;
  }
  if (right === undefined) {
    const other = left === undefined ? undefined : turned.get(tree.code);
    if (other === undefined) return;
    become(tree, node(other, [], [y, x]));
    return foldBinary(tree, y, x);
  }
  if (tree.code === op.i32Sub) {
    become(tree, node(op.i32Add, [], [x, constant(-right)]));
    return foldBinary(tree, x, tree.operands[1] ?? y);
  }
  if (right === neutral.get(tree.code)) return become(tree, x);
  joinConstants(tree, x, right);
}

/** (x + a) + b is x + (a + b), and so for products. */
function joinConstants(tree: Tree, x: Tree, right: number): void {
  const [inner, by] = x.operands;
  const other = by === undefined ? undefined : numberOf(by);
  if (inner === undefined || other === undefined || x.code !== tree.code) return;
  if (tree.code === op.i32Add) {
    become(tree, node(op.i32Add, [], [inner, constant(other + right)]));
    if (numberOf(tree.operands[1] ?? x) === 0) become(tree, inner);
  } else if (tree.code === op.i32Mul) {
    become(tree, node(op.i32Mul, [], [inner, constant(Math.imul(other, right))]));
  }
}

function constant(value: number): Tree {
  return node(op.i32Const, [value | 0]);
}

function numberOf({ code, immediates }: Tree): number | undefined {
  return code === op.i32Const ? immediates[0] : undefined;
}

const computed: Readonly<Record<number, (x: number, y: number) => number>> = {
  [op.i32Add]: (x, y) => x + y,
  [op.i32Sub]: (x, y) => x - y,
  [op.i32Mul]: Math.imul,
  [op.i32Shl]: (x, y) => x << y,
  [op.i32ShrU]: (x, y) => x >>> y,
  [op.i32And]: (x, y) => x & y,
  [op.i32Or]: (x, y) => x | y,
  [op.i32Eq]: (x, y) => Number(x === y),
  [op.i32Ne]: (x, y) => Number(x !== y),
  [op.i32LtS]: (x, y) => Number(x < y),
  [op.i32LeS]: (x, y) => Number(x <= y),
  [op.i32GtS]: (x, y) => Number(x > y),
  [op.i32GeS]: (x, y) => Number(x >= y),
};

/** The operation that does the same with the second operand first. */
const turned: ReadonlyMap<number, number> = new Map([
  ...[op.i32Add, op.i32Mul, op.i32And, op.i32Or, op.i32Eq, op.i32Ne].map(
    (code): [number, number] => [code, code],
  ),
  [op.i32LtS, op.i32GtS],
  [op.i32GtS, op.i32LtS],
  [op.i32LeS, op.i32GeS],
  [op.i32GeS, op.i32LeS],
]);

/** The second operand with which the first is the result. */
const neutral: ReadonlyMap<number, number> = new Map([
  [op.i32Add, 0],
  [op.i32Mul, 1],
  [op.i32Shl, 0],
  [op.i32ShrU, 0],
  [op.i32Or, 0],
  [op.i32And, -1],
]);
